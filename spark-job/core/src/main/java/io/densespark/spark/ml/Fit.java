package io.densespark.spark.ml;

import io.densespark.data.ImageShape;
import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import io.densespark.spark.predict.ImageColumn;
import io.densespark.spark.predict.OnBadImage;
import io.densespark.spark.resources.ClusterCheck;
import io.densespark.spark.settings.Schedule;
import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.store.ModelFolder;
import io.densespark.spark.train.RowData;
import io.densespark.spark.train.TrainingRows;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/** One training on one DataFrame. */
final class Fit {
    private static final int COLORS = 3;

    private final DenseNetClassifier stage;
    private final SettingValues given;
    private final Dataset<?> rows;
    private final ExampleColumns columns;
    private final ImageColumn images;
    private final JavaSparkContext sc;
    private final long seed;

    Fit(DenseNetClassifier stage, SettingValues given, Dataset<?> rows) {
        this.stage = stage;
        this.given = given;
        this.rows = rows;
        columns = stage.columns(rows.schema());
        sc = JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext());
        seed = given.get(Setting.SEED).orElseGet(() -> (long) new SecureRandom().nextInt(Integer.MAX_VALUE));
        Dataset<Row> read = columns.selectWithImages(rows, seed, 0);
        images = ImageColumn.of(read.schema(), columns.image(), StageParams.imageShape(stage));
    }

    /** Trains, and gives the best epoch's model. */
    ModelFolder run() {
        requireChannels();
        Optional<Integer> replicas = given.get(Setting.REPLICAS);
        ClusterCheck.requireBarrier(sc.getConf(), replicas.map(OptionalInt::of).orElse(OptionalInt.empty()));
        Survey counts = Survey.of(columns.select(rows, seed, 0), columns);
        int validSize = validSize(counts);
        double share = columns.group().isPresent() ? (double) validSize / counts.trainRows() : 0;
        Survey survey = share > 0 ? Survey.of(columns.select(rows, seed, share), columns) : counts;
        Broadcast<SerializableConfiguration> hadoop =
                sc.broadcast(new SerializableConfiguration(sc.hadoopConfiguration()));
        try {
            return train(survey, survey.validationRows() > 0 ? 0 : validSize, share, hadoop);
        } catch (IOException e) {
            throw UserMessage.unchecked(e);
        } finally {
            hadoop.destroy();
        }
    }

    private void requireChannels() {
        StageParams.value(stage, stage.channels()).ifPresent(channels -> {
            if (!channels.equals(1) && !channels.equals(COLORS)) {
                throw new JobException("channels is " + channels + ": give 1 for grey or 3 for colors");
            }
        });
    }

    private int validSize(Survey survey) {
        Optional<Integer> asked = given.get(Setting.VALID_SIZE);
        if (survey.validationRows() > 0) {
            if (asked.orElse(0) > 0) {
                throw new JobException("validSize is " + asked.get() + ", but validationIndicatorCol marks "
                        + survey.validationRows() + " rows to validate on: leave out one of them");
            }
            return 0;
        }
        return asked.orElseGet(() -> Schedule.usualValidSize(Math.toIntExact(survey.trainRows())));
    }

    private ModelFolder train(Survey survey, int validSize, double share, Broadcast<SerializableConfiguration> hadoop)
            throws IOException {
        Dataset<Row> examples = columns.selectWithImages(rows, seed, share);
        ImageShape shape = shape(examples, hadoop);
        DecodeExamples decode = new DecodeExamples(
                images,
                shape,
                stage.isSet(stage.imageSize()),
                survey.indices(),
                survey.meanWeight(),
                OnBadImage.of(stage.onBadImage().name(), stage.getOrDefault(stage.onBadImage())) == OnBadImage.FAIL,
                hadoop);
        RowData data = new RowData(
                examples.mapPartitions(decode, Encoders.row(TrainingRows.SCHEMA)),
                shape,
                survey.classes(),
                Math.toIntExact(survey.trainRows()),
                survey.validationRows() > 0,
                survey.checksum());
        String identity = survey.checksum() + shape + given;
        return new FitRun(stage, sc)
                .run(
                        given.with(Setting.DATA, "DataFrame")
                                .with(Setting.SEED, seed)
                                .with(Setting.VALID_SIZE, validSize),
                        identity,
                        (job, settings) -> job.fit(settings, data));
    }

    /** What all images become: of the size that is asked for, or of the first one's. */
    private ImageShape shape(Dataset<Row> examples, Broadcast<SerializableConfiguration> hadoop) {
        Optional<Integer> wanted = StageParams.value(stage, stage.channels()).map(Integer.class::cast);
        FirstImage first = new FirstImage(images, wanted.orElse(COLORS), hadoop);
        List<Row> found =
                examples.mapPartitions(first, Encoders.row(FirstImage.SCHEMA)).takeAsList(1);
        if (found.isEmpty()) {
            throw FirstImage.none(
                    columns.image(),
                    examples.mapPartitions(first.problems(), Encoders.STRING()).takeAsList(1));
        }
        ImageShape own = FirstImage.shape(found.get(0));
        int channels = wanted.orElse(own.channels());
        Optional<Integer> size = StageParams.value(stage, stage.imageSize()).map(Integer.class::cast);
        return size.map(side -> new ImageShape(side, side, channels))
                .orElseGet(() -> new ImageShape(own.height(), own.width(), channels));
    }
}
