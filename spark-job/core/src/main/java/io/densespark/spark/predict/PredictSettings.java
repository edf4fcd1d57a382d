package io.densespark.spark.predict;

import io.densespark.data.ImageShape;
import io.densespark.spark.JobException;
import java.util.List;
import java.util.Optional;

/**
 * How a model predicts on a DataFrame.
 *
 * @param imageColumn that has the images; {@link ImageColumn} says of what types it may be
 * @param imageShape of images that are given as numbers or as plain pixels
 * @param columns that are appended
 * @param inferBatchSize images that go through the network at a time
 * @param onBadImage what becomes of rows without a usable image
 * @param thresholds of the classes, as Spark's {@code ProbabilisticClassificationModel} takes them: the class with the
 *     largest {@code probability / threshold} is predicted; none for the most probable one
 */
public record PredictSettings(
        String imageColumn,
        Optional<ImageShape> imageShape,
        OutputColumns columns,
        int inferBatchSize,
        OnBadImage onBadImage,
        List<Double> thresholds) {
    public static final int DEFAULT_BATCH = 32;

    /** @throws JobException if a setting is out of its range */
    public PredictSettings {
        thresholds = new Classification(thresholds).thresholds();
        if (imageColumn.isEmpty()) {
            throw new JobException("the name of the images' column (imageCol) is empty: give it");
        }
        if (inferBatchSize < 1) {
            throw new JobException("setting inferBatchSize is " + inferBatchSize + ": give 1 or more images");
        }
    }

    /** The default settings for images of that column. */
    public static PredictSettings of(String imageColumn) {
        return new PredictSettings(
                imageColumn, Optional.empty(), OutputColumns.DEFAULT, DEFAULT_BATCH, OnBadImage.FAIL, List.of());
    }

    public PredictSettings withImageShape(ImageShape newShape) {
        return new PredictSettings(imageColumn, Optional.of(newShape), columns, inferBatchSize, onBadImage, thresholds);
    }

    public PredictSettings withColumns(OutputColumns newColumns) {
        return new PredictSettings(imageColumn, imageShape, newColumns, inferBatchSize, onBadImage, thresholds);
    }

    public PredictSettings withInferBatchSize(int newSize) {
        return new PredictSettings(imageColumn, imageShape, columns, newSize, onBadImage, thresholds);
    }

    public PredictSettings withOnBadImage(OnBadImage newPolicy) {
        return new PredictSettings(imageColumn, imageShape, columns, inferBatchSize, newPolicy, thresholds);
    }

    public PredictSettings withThresholds(List<Double> newThresholds) {
        return new PredictSettings(imageColumn, imageShape, columns, inferBatchSize, onBadImage, newThresholds);
    }
}
