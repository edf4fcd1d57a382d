package io.densespark.spark.cli;

import io.densespark.model.tensor.Device;
import io.densespark.spark.settings.Places;
import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.train.RunStart;
import io.densespark.spark.train.TrainJob;
import io.densespark.spark.train.TrainResult;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.ExitCode;

/** Runs a training job and prints its result for people, then for programs. */
final class Training {
    private Training() {}

    static int run(String name, TrainSettings settings) throws IOException {
        Configuration conf = JobContext.hadoop();
        RunStart start = RunStart.of(inFull(settings, conf), conf);
        JobContext.runBarrier(name, settings.cluster().leastReplicas(), sc -> {
            TrainResult result = new TrainJob(sc, System.out, Terminal.isStandardOutput()).run(start);
            System.out.printf(
                    Locale.ROOT,
                    "test accuracy %.2f%% (the model of epoch %d)%n"
                            + "%d epochs in %.1f s, %.0f images/s%n"
                            + "%s %.1f MB%n"
                            + "model in %s%n",
                    100 * result.accuracy(),
                    result.bestEpoch(),
                    result.epochs(),
                    result.trainSeconds(),
                    result.imagesPerSecond(),
                    result.ranks().get(0).device().equals(Device.CPU.toString())
                            ? "peak memory of the largest replica"
                            : "memory in use on the fullest GPU",
                    result.peakBytes() / 1e6,
                    result.model());
            // Programs read the last line.
            System.out.println("RESULT " + result.toJson());
            System.out.flush();
        });
        return ExitCode.OK;
    }

    private static TrainSettings inFull(TrainSettings settings, Configuration conf) {
        Places places = settings.places();
        return settings.at(new Places(
                inFull(Setting.DATA, places.data(), conf),
                inFull(Setting.SAVE, places.save(), conf),
                places.init().map(init -> inFull(Setting.INIT, init, conf))));
    }

    private static String inFull(Setting<String> setting, String place, Configuration conf) {
        return Place.of("--" + setting, place, conf).toString();
    }
}
