package io.densespark.spark.cli;

import io.densespark.spark.settings.TrainSettings;
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
        JobContext.runBarrier(name, settings.replicas(), sc -> {
            TrainSettings qualified = qualified(settings, sc.hadoopConfiguration());
            TrainResult result = new TrainJob(sc, System.out, Terminal.isStandardOutput()).run(qualified);
            System.out.printf(
                    Locale.ROOT,
                    "test accuracy %.2f%% (the model of epoch %d)%n"
                            + "%d epochs in %.1f s, %.0f images/s%n"
                            + "peak memory of the largest replica %.1f MB%n"
                            + "model in %s%n",
                    100 * result.accuracy(),
                    result.bestEpoch(),
                    result.epochs(),
                    result.trainSeconds(),
                    result.imagesPerSecond(),
                    result.peakBytes() / 1e6,
                    result.model());
            // Programs read the last line.
            System.out.println("RESULT " + result.toJson());
            System.out.flush();
        });
        return ExitCode.OK;
    }

    private static TrainSettings qualified(TrainSettings settings, Configuration conf) throws IOException {
        String init = settings.init().isPresent()
                ? JobContext.qualified(settings.init().get(), conf)
                : null;
        return settings.at(
                JobContext.qualified(settings.data(), conf), JobContext.qualified(settings.save(), conf), init);
    }
}
