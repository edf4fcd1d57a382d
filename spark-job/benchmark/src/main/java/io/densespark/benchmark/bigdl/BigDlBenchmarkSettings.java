package io.densespark.benchmark.bigdl;

import io.densespark.benchmark.SettingCheck;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.spark.JobException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@link BigDlBenchmark} measures.
 *
 * @param data URI of a prepared data set; the batch is the first images of its train split
 * @param network whose channels and classes become those of the data; its dropout is left out, since no two
 *     implementations draw the same masks
 * @param batch images in a step, as many for each core
 * @param rounds processes of each, one after the other
 * @param steps timed steps of each process
 * @param warmUp steps before them at least, not timed: more are taken until their time has settled, ten times as many at most
 * @param cores workers of DenseSpark, and cores of BigDL's local Spark
 * @param bigDlHome folder with the jars of BigDL and its Spark
 * @param bigDlJava JVM that BigDL runs on
 * @param bigDlHeap heap of that JVM, as its option -Xmx takes it; that JVM's own default if empty
 * @param json file for the rows
 */
public record BigDlBenchmarkSettings(
        String data,
        DenseNetSpec network,
        int batch,
        int rounds,
        int steps,
        int warmUp,
        int cores,
        Path bigDlHome,
        String bigDlJava,
        Optional<String> bigDlHeap,
        Optional<String> json) {

    /** @throws JobException naming the setting that is out of range */
    public BigDlBenchmarkSettings {
        network = network.withDropout(0);
        SettingCheck.atLeast(1, "rounds", rounds);
        SettingCheck.atLeast(1, "steps", steps);
        SettingCheck.atLeast(0, "warm-up", warmUp);
        SettingCheck.atLeast(1, "cores", cores);
        SettingCheck.atLeast(1, "batch", batch);
        if (batch % cores != 0) {
            throw new JobException("setting batch " + batch + " isn't a multiple of cores " + cores
                    + ": BigDL gives each core as many images");
        }
    }
}
