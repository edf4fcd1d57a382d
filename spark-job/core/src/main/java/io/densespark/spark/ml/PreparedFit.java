package io.densespark.spark.ml;

import io.densespark.data.DatasetDescription;
import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.store.ModelFolder;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.param.Param;

/** One training on a data set that {@code prepare} wrote. */
final class PreparedFit {
    private final DenseNetClassifier stage;
    private final JavaSparkContext sc;

    PreparedFit(DenseNetClassifier stage, JavaSparkContext sc) {
        this.stage = stage;
        this.sc = sc;
    }

    /** @throws JobException if a param is set that says how to read rows */
    ModelFolder run(SettingValues given, String location) {
        for (Param<?> param : List.of(
                stage.validationIndicatorCol(),
                stage.weightCol(),
                stage.groupCol(),
                stage.imageSize(),
                stage.channels())) {
            if (stage.isSet(param)) {
                throw new JobException(param.name() + " is about the rows of a DataFrame, and " + location
                        + " is prepared: leave it out");
            }
        }
        try {
            Path folder = new Path(location);
            Path data = folder.getFileSystem(sc.hadoopConfiguration()).makeQualified(folder);
            DatasetDescription dataset = DatasetDescription.read(sc.hadoopConfiguration(), data);
            return new FitRun(stage, sc)
                    .run(
                            given.with(Setting.DATA, data.toString()),
                            dataset.checksum() + given,
                            (job, settings) -> job.fit(settings));
        } catch (IOException e) {
            throw UserMessage.unchecked(e);
        }
    }
}
