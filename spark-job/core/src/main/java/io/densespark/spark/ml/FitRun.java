package io.densespark.spark.ml;

import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.ModelFolder;
import io.densespark.spark.train.TrainJob;
import java.io.IOException;
import java.io.PrintStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a fit's training in a folder of its own, and brings the model out of it. */
final class FitRun {
    private static final Logger LOG = LoggerFactory.getLogger(DenseNetClassifier.class);

    private final DenseNetClassifier stage;
    private final JavaSparkContext sc;

    /** What is trained on. */
    interface Work {
        void train(TrainJob job, TrainSettings settings) throws IOException;
    }

    FitRun(DenseNetClassifier stage, JavaSparkContext sc) {
        this.stage = stage;
        this.sc = sc;
    }

    /**
     * Trains, and gives the best epoch's model.
     *
     * @param identity tells fits apart that mustn't go on from each other's checkpoints
     */
    ModelFolder run(SettingValues given, String identity, Work work) throws IOException {
        FitFolder folder =
                FitFolder.of(StageParams.value(stage, stage.checkpointLocation()), identity, sc.hadoopConfiguration());
        TrainSettings settings =
                TrainSettings.of(given.with(Setting.SAVE, folder.path().toString()));
        try (PrintStream log = LogLines.to(LOG)) {
            work.train(new TrainJob(sc, log, false), settings);
            ModelFolder model = ModelFolder.read(folder.model(), folder.conf());
            folder.remove();
            return model;
        } catch (IOException | RuntimeException e) {
            // Where a checkpoint location is given, the next fit goes on there.
            if (!stage.isSet(stage.checkpointLocation())) {
                folder.remove();
            }
            throw e;
        }
    }
}
