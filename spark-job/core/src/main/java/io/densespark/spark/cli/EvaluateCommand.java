package io.densespark.spark.cli;

import io.densespark.data.DatasetDescription;
import io.densespark.model.replica.BatchResult;
import io.densespark.spark.Json;
import io.densespark.spark.evaluate.EvaluateJob;
import io.densespark.spark.resources.ClusterSlots;
import java.io.IOException;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code evaluate}: how good a model is on a prepared data set. */
@Command(
        name = "evaluate",
        description = "Measures a model's loss and accuracy on a prepared data set.",
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
    /** The splits of a data set, as users write them. */
    enum Split {
        train(DatasetDescription.TRAIN),
        validation(DatasetDescription.VALIDATION),
        test(DatasetDescription.TEST);

        private final String key;

        Split(String key) {
            this.key = key;
        }
    }

    /**
     * What programs read.
     *
     * @param accuracy share of the images that the model classifies right, 0 to 1
     * @param loss mean cross-entropy of an image
     */
    record Result(double accuracy, double loss, int images) {}

    @Option(names = "--model", required = true, paramLabel = "URI", description = "model folder of a training run")
    private String model;

    @Option(names = "--data", required = true, paramLabel = "URI", description = "folder that 'prepare' wrote")
    private String data;

    @Option(names = "--split", description = "${COMPLETION-CANDIDATES} (default test)")
    private Split split = Split.test;

    @Override
    public Integer call() throws IOException {
        Configuration conf = JobContext.hadoop();
        Path modelFolder = Place.of("--model", model, conf);
        Path dataFolder = Place.of("--data", data, conf);
        JobContext.runBarrier("evaluate", OptionalInt.empty(), sc -> {
            BatchResult result = EvaluateJob.run(
                    sc, modelFolder, dataFolder, split.key, ClusterSlots.await(sc, OptionalInt.empty()));
            double accuracy = (double) result.correct() / result.examples();
            double loss = result.lossSum() / result.examples();
            System.out.printf(
                    Locale.ROOT,
                    "%,d images of split %s: accuracy %.2f%%, loss %.4f%n",
                    result.examples(),
                    split,
                    100 * accuracy,
                    loss);
            // Programs read the last line.
            System.out.println("RESULT " + Json.line(new Result(accuracy, loss, result.examples())));
        });
        return ExitCode.OK;
    }
}
