package io.densespark.spark.train;

import io.densespark.data.fixture.Digits;
import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The recipe of {@code demo --quick} on a part of its digits, and the weights to which it leads on a local cluster: once
 * for all tests.
 */
final class QuickDemo {
    private static final int TRAIN = 800;
    private static final int TEST = 200;

    private static Path folder;
    private static String weights;

    private QuickDemo() {}

    /** The data set on the local disk. */
    static synchronized Path data() {
        if (folder == null) {
            try {
                folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "quick-demo");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Digits.prepareFirst(folder, TRAIN, TEST);
        }
        return folder.resolve("data");
    }

    static String[] arguments(String data, String save) {
        return new String[] {
            "train", "--recipe", "demo-mnist", "--epochs", "2", "--valid-size", "160", "--data", data, "--save", save
        };
    }

    static synchronized String weightsOnALocalCluster() {
        if (weights == null) {
            String[] arguments =
                    arguments(data().toString(), folder.resolve("save").toString());
            weights = TrainRun.weightsOf(TrainRun.resultOf(TrainRun.run(
                    SparkSubmit.toLocalCluster(SparkHome.reference(), 2), folder.resolve("train"), arguments)));
        }
        return weights;
    }
}
