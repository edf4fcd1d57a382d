package io.densespark.spark.ml;

import io.densespark.data.ImageShape;
import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import io.densespark.spark.predict.ImageColumn;
import io.densespark.spark.predict.OnBadImage;
import io.densespark.spark.resources.ClusterCheck;
import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.ModelFolder;
import io.densespark.spark.train.RowData;
import io.densespark.spark.train.TrainJob;
import io.densespark.spark.train.TrainingRows;
import java.io.IOException;
import java.security.SecureRandom;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One training on one DataFrame. */
final class Fit {
    private static final Logger LOG = LoggerFactory.getLogger(DenseNetClassifier.class);
    private static final int MOST_VALIDATION = Integer.parseInt(Setting.VALID_SIZE.standard().orElseThrow());
    private static final int TENTH = 10;

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
        StructType schema = rows.schema();
        columns = stage.columns(schema);
        SparkContext context = rows.sparkSession().sparkContext();
        sc = JavaSparkContext.fromSparkContext(context);
        seed = given.get(Setting.SEED).orElseGet(() -> (long) new SecureRandom().nextInt(Integer.MAX_VALUE));
        images = null;
    }
}
