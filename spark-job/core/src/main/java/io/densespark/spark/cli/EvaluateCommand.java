package io.densespark.spark.cli;

import io.densespark.data.DatasetDescription;
import io.densespark.spark.Json;
import io.densespark.spark.evaluate.EvaluateJob;
import io.densespark.spark.evaluate.EvaluationReport;
import io.densespark.spark.evaluate.ReportFolder;
import io.densespark.spark.evaluate.ReportTable;
import io.densespark.spark.resources.ClusterSlots;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
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
     * @param top5Accuracy share of the images whose class is among the five largest outputs; null for five classes or fewer
     * @param macroF1 mean of the classes' F1
     * @param macroAuroc mean of the classes' areas under the curve, each against all others
     * @param macroAurocError how far that may be off
     */
    record Result(
            double accuracy,
            double loss,
            int images,
            @Nullable Double top5Accuracy,
            double macroF1,
            double macroAuroc,
            double macroAurocError,
            double expectedCalibrationError) {
        static Result of(EvaluationReport report) {
            OptionalDouble top5 = report.top5Accuracy();
            return new Result(
                    report.accuracy(),
                    report.loss(),
                    report.images(),
                    top5.isPresent() ? top5.getAsDouble() : null,
                    report.macroF1(),
                    report.macroAuroc(),
                    report.macroAurocError(),
                    report.expectedCalibrationError());
        }
    }

    @Option(names = "--model", required = true, paramLabel = "URI", description = "model folder of a training run")
    private String model;

    @Option(names = "--data", required = true, paramLabel = "URI", description = "folder that 'prepare' wrote")
    private String data;

    @Option(names = "--split", description = "${COMPLETION-CANDIDATES} (default test)")
    private Split split = Split.test;

    @Option(
            names = "--report",
            paramLabel = "URI",
            description = "folder for the tables of the report, as CSV, and a picture of the confusion matrix")
    private Optional<String> report = Optional.empty();

    @Override
    public Integer call() throws IOException {
        Configuration conf = JobContext.hadoop();
        Path modelFolder = Place.of("--model", model, conf);
        Path dataFolder = Place.of("--data", data, conf);
        Optional<Path> reportFolder = reportFolder(conf);
        EvaluateJob job = EvaluateJob.of(modelFolder, dataFolder, split.key, conf);
        JobContext.runBarrier("evaluate", OptionalInt.empty(), sc -> {
            EvaluationReport found = job.run(sc, ClusterSlots.await(sc, OptionalInt.empty()));
            System.out.printf(
                    Locale.ROOT,
                    "%,d images of split %s: accuracy %.2f%%, loss %.4f%n",
                    found.images(),
                    split,
                    100 * found.accuracy(),
                    found.loss());
            System.out.print(ReportTable.of(found));
            if (reportFolder.isPresent()) {
                ReportFolder.write(found, reportFolder.get(), conf);
                System.out.println("report in " + reportFolder.get());
            }
            // Programs read the last line.
            System.out.println("RESULT " + Json.line(Result.of(found)));
        });
        return ExitCode.OK;
    }

    private Optional<Path> reportFolder(Configuration conf) {
        Optional<Path> folder = report.map(place -> Place.of("--report", place, conf));
        folder.ifPresent(each -> ReportFolder.requireWritable(each, conf));
        return folder;
    }
}
