package io.densespark.spark.ml;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.spark.JobException;
import io.densespark.spark.predict.OnBadImage;
import io.densespark.spark.predict.OutputColumns;
import io.densespark.spark.predict.PredictSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The params of {@link PredictionParams} for one stage, and their values. */
final class StageParams {
    static final String IMAGE_COL = "imageCol";
    static final String IMAGE_SHAPE = "imageShape";
    static final String PREDICTION_COL = "predictionCol";
    static final String PROBABILITY_COL = "probabilityCol";
    static final String RAW_PREDICTION_COL = "rawPredictionCol";
    static final String FEATURES_COL = "featuresCol";
    static final String THRESHOLDS = "thresholds";
    static final String INFER_BATCH_SIZE = "inferBatchSize";
    static final String ON_BAD_IMAGE = "onBadImage";

    private StageParams() {}

    /** New params for a stage. */
    static List<Param<?>> of(Params stage) {
        return List.of(
                text(stage, IMAGE_COL, "column of the images"),
                new IntArrayParam(stage, IMAGE_SHAPE, "height, width and channels of images given as numbers"),
                text(stage, PREDICTION_COL, "column of the predicted class's index"),
                text(stage, PROBABILITY_COL, "column of the classes' probabilities; empty for none"),
                text(stage, RAW_PREDICTION_COL, "column of the logits; empty for none"),
                text(stage, FEATURES_COL, "column of the features before the classifier; empty for none"),
                new DoubleArrayParam(
                        stage,
                        THRESHOLDS,
                        "one for each class: that of the largest probability/threshold is predicted"),
                new IntParam(stage, INFER_BATCH_SIZE, "images that go through the network at a time in a prediction"),
                text(stage, ON_BAD_IMAGE, "what becomes of a row without a usable image: fail, null or drop"));
    }

    static Param<String> text(Params stage, String name, String description) {
        return new Param<>(stage, name, description);
    }

    /** By name, as Spark lists params. */
    static Param<?>[] sorted(List<Param<?>> params) {
        List<Param<?>> sorted = new ArrayList<>(params);
        sorted.sort(Comparator.comparing(Param::name));
        return sorted.toArray(Param<?>[]::new);
    }

    static void setDefaults(PredictionParams<?> stage) {
        OutputColumns columns = OutputColumns.DEFAULT;
        stage.setDefault(stage.imageCol(), "image");
        stage.setDefault(stage.predictionCol(), columns.prediction());
        stage.setDefault(stage.probabilityCol(), columns.probability());
        stage.setDefault(stage.rawPredictionCol(), columns.rawPrediction());
        stage.setDefault(stage.featuresCol(), columns.features());
        stage.setDefault(stage.inferBatchSize(), PredictSettings.DEFAULT_BATCH);
        stage.setDefault(stage.onBadImage(), OnBadImage.FAIL.toString());
    }

    /** The param of that name. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // Names and types stand together in this class and its callers.
    static <P extends Param<?>> P get(Params stage, String name) {
        return (P) (Param<?>) stage.getParam(name);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // A stage is its own type.
    static <S, T> S set(Params stage, Param<T> param, Object value) {
        stage.set(param, (T) value);
        return (S) stage;
    }

    /** A param's value where it has one. */
    static <T> Optional<T> value(Params stage, Param<T> param) {
        return stage.isDefined(param) ? Optional.of(stage.getOrDefault(param)) : Optional.empty();
    }

    /**
     * What the params say of a prediction.
     *
     * @throws JobException naming a param that is out of range
     */
    static PredictSettings predictSettings(PredictionParams<?> stage) {
        return new PredictSettings(
                stage.getOrDefault(stage.imageCol()),
                imageShape(stage),
                new OutputColumns(
                        stage.getOrDefault(stage.featuresCol()),
                        stage.getOrDefault(stage.rawPredictionCol()),
                        stage.getOrDefault(stage.probabilityCol()),
                        stage.getOrDefault(stage.predictionCol())),
                (Integer) stage.getOrDefault(stage.inferBatchSize()),
                OnBadImage.of(stage.onBadImage().name(), stage.getOrDefault(stage.onBadImage())),
                value(stage, stage.thresholds())
                        .map(values -> DoubleStream.of(values).boxed().toList())
                        .orElse(List.of()));
    }

    static Optional<ImageShape> imageShape(PredictionParams<?> stage) {
        return value(stage, stage.imageShape()).map(sides -> {
            if (sides.length != 3) {
                throw new JobException(
                        "setting imageShape has " + sides.length + " numbers: give height, width and channels");
            }
            try {
                return new ImageShape(sides[0], sides[1], sides[2]);
            } catch (DataException e) {
                throw new JobException(
                        "setting imageShape is " + Arrays.toString(sides)
                                + ": give an image's height, width and channels",
                        e);
            }
        });
    }
}
