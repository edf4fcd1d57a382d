package io.densespark.benchmark.bigdl;

import io.densespark.benchmark.CodeLocation;
import io.densespark.benchmark.Json;
import io.densespark.benchmark.report.ResultFile;
import io.densespark.benchmark.step.BlockTimes;
import io.densespark.benchmark.step.Implementation;
import io.densespark.benchmark.step.Layout;
import io.densespark.benchmark.step.Problem;
import io.densespark.benchmark.step.StepBlock;
import io.densespark.benchmark.step.StepFolder;
import io.densespark.benchmark.step.StepProcess;
import io.densespark.benchmark.step.StepTask;
import io.densespark.data.DatasetDescription;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import io.densespark.spark.platform.PlatformCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Training steps of real BigDL, on the Spark that it needs in a JVM of its own, beside DenseSpark's on as many cores: the
 * same network from the same weights, on the same prepared images. The batch stays the same from step to step, for BigDL
 * shuffles its data; so what each learns from it, and with it each loss, should be the same. Each is measured alone, in a
 * block of steps once their time has settled, in several processes one after the other.
 */
public final class BigDlBenchmark {
    /** A few steps of it lower the loss, and don't yet amplify rounding. */
    private static final double LEARNING_RATE = 0.01;

    private static final double MOMENTUM = 0.9;
    private static final double WEIGHT_DECAY = 1e-4;
    private static final RecomputeLevel LEVEL = RecomputeLevel.ACTIVATIONS;
    private static final String OURS = "densespark";
    private static final String THEIRS = "bigdl";

    private final BigDlBenchmarkSettings settings;
    private final BigDlJava java;
    private final DatasetDescription dataset;
    private final DenseNetSpec spec;
    private final ImageShape image;
    private final PrintStream progress;

    /** Why BigDL has no row; in one line. */
    private Optional<String> failure = Optional.empty();

    private BigDlBenchmark(
            BigDlBenchmarkSettings settings, BigDlJava java, DatasetDescription dataset, PrintStream progress) {
        this.settings = settings;
        this.java = java;
        this.dataset = dataset;
        this.spec = settings.network()
                .withData(dataset.channels(), dataset.classes().size());
        this.image = new ImageShape(dataset.height(), dataset.width());
        this.progress = progress;
    }

    /**
     * Measures, prints tables, and writes the rows as JSON where the settings ask for it.
     *
     * @param conf for the file systems of the data set and the JSON file
     * @param out where the tables go
     * @param progress where lines go that tell how far it is
     * @throws JobException if there is no BigDL or no such JVM, if DenseSpark's process fails; or, after all is printed,
     *     if BigDL doesn't run on that JVM, or, on one core, the losses differ
     * @throws io.densespark.data.DataException if there is no such data set, or it is damaged
     */
    public static void run(BigDlBenchmarkSettings settings, Configuration conf, PrintStream out, PrintStream progress)
            throws IOException {
        PlatformCheck.requireSupported();
        Optional<ResultFile> json = settings.json().map(place -> ResultFile.at(place, "json", conf));
        requireBigDl(settings.bigDlHome());
        BigDlJava java = BigDlJava.of(settings.bigDlJava());
        org.apache.hadoop.fs.Path data = new org.apache.hadoop.fs.Path(settings.data());
        DatasetDescription dataset = DatasetDescription.read(conf, data);
        BigDlBenchmark benchmark = new BigDlBenchmark(settings, java, dataset, progress);
        List<BigDlRow> rows;
        try (StepFolder folder = new StepFolder()) {
            rows = benchmark.measure(data, conf, folder);
        }
        benchmark.print(rows, json, out);
    }

    /** The folder in which this build assembles BigDL, seen from this module's jar or classes. */
    public static Path assembledHome() {
        return CodeLocation.of(BigDlBenchmark.class)
                .resolveSibling("../../runtime-bigdl/target/bigdl")
                .normalize();
    }

    private static void requireBigDl(Path home) throws IOException {
        boolean isThere;
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(home, "bigdl-SPARK_2.4-*.jar")) {
            isThere = jars.iterator().hasNext();
        } catch (NoSuchFileException | NotDirectoryException e) {
            isThere = false;
        }
        if (!isThere) {
            throw new JobException("setting bigdl-home " + home + " has no jar of BigDL: name the folder "
                    + "spark-job/runtime-bigdl/target/bigdl, which mvn package -DskipTests assembles");
        }
    }

    private List<BigDlRow> measure(org.apache.hadoop.fs.Path data, Configuration conf, StepFolder folder)
            throws IOException {
        Problem problem = Problem.of(spec, image, settings.batch(), folder.path());
        // Throws if the network can't take such images.
        new ReplicaSettings(spec, image, settings.batch(), LEVEL, settings.cores(), Device.CPU);
        PreparedBatch.write(problem, dataset, data, conf);
        StepTask task = new StepTask(
                Implementation.DENSESPARK,
                Layout.CHANNELS_LAST,
                LEVEL,
                Device.Kind.CPU,
                Precision.FP32,
                settings.cores(),
                false,
                folder.path().toString(),
                LEARNING_RATE,
                MOMENTUM,
                WEIGHT_DECAY,
                Problem.toy(spec, settings.cores(), folder.path()),
                problem);
        progress.println("writing weights");
        folder.writeProblems(task);
        Path model = folder.path().resolve("model.bigdl");
        Path theirTask = folder.path().resolve("bigdl.properties");
        BigDlFiles.writeModel(problem, dataset, model);
        BigDlFiles.writeTask(task, model, theirTask);
        List<StepBlock> ours = new ArrayList<>();
        List<StepBlock> theirs = new ArrayList<>();
        for (int round = 0; round < settings.rounds(); round++) {
            // In another order each time, so that whatever else the machine does meets both alike.
            boolean oursFirst = round % 2 == 0;
            if (oursFirst) {
                measureOurs(folder, task, ours);
            }
            if (failure.isEmpty()) {
                measureTheirs(folder, theirTask, theirs);
            }
            if (!oursFirst) {
                measureOurs(folder, task, ours);
            }
        }
        List<BigDlRow> rows = new ArrayList<>();
        rows.add(row(OURS, ours));
        if (failure.isEmpty()) {
            rows.add(row(THEIRS, theirs));
        }
        return rows;
    }

    private void measureOurs(StepFolder folder, StepTask task, List<StepBlock> blocks) throws IOException {
        progress.println("DenseSpark");
        try (StepProcess process = folder.start(OURS, task)) {
            process.awaitReady();
            blocks.add(block(process));
        }
    }

    /** Remembers why BigDL fails, if it does. */
    private void measureTheirs(StepFolder folder, Path task, List<StepBlock> blocks) throws IOException {
        progress.println("BigDL on Java " + java.version());
        try (StepProcess process = folder.start("BigDL", java.training(settings, task, folder.path()))) {
            failure = refusal(process, java.version());
            if (failure.isEmpty()) {
                blocks.add(block(process));
            }
        } catch (JobException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private StepBlock block(StepProcess process) {
        return StepBlock.take(process, settings.warmUp(), settings.steps(), () -> {});
    }

    /** Waits until BigDL is about to take its first step; or gives, in one line, why it can't. */
    static Optional<String> refusal(StepProcess theirs, int javaVersion) {
        String reason;
        try {
            Optional<String> error = theirs.readyOrError();
            if (error.isEmpty()) {
                return Optional.empty();
            }
            reason = error.get();
        } catch (JobException e) {
            // It ended without a word of its own: what the JVM said last.
            reason = String.valueOf(e.getMessage())
                    .lines()
                    .reduce((first, second) -> second)
                    .orElse("");
        }
        return Optional.of(
                "BigDL can't run on Java " + javaVersion + ": " + reason + "; name another JVM with --bigdl-java");
    }

    private BigDlRow row(String name, List<StepBlock> blocks) {
        BlockTimes time = BlockTimes.of(blocks);
        return new BigDlRow(
                name,
                settings.cores(),
                settings.batch(),
                time.medianSeconds(),
                time.fastestSeconds(),
                time.slowestSeconds(),
                time.isSettled(),
                settings.batch() / time.medianSeconds(),
                blocks.stream()
                        .mapToLong(block -> block.memory().peakResidentBytes())
                        .max()
                        .orElseThrow(),
                ParameterLayout.of(spec).parameterCount(),
                // As many as every process has taken, however soon its time had settled.
                blocks.get(0).losses().subList(0, settings.warmUp() + settings.steps()));
    }

    private void print(List<BigDlRow> rows, Optional<ResultFile> json, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%s: %d training images of %s, median of %d steps in each of %d processes, once their time had settled%n",
                dataset.name(),
                settings.batch(),
                dataset.shape(),
                settings.steps(),
                settings.rounds());
        out.print(BigDlTable.of(rows));
        json.ifPresent(file -> file.write(Json.file(rows)));
        if (failure.isPresent()) {
            throw new JobException(failure.get());
        }
        List<String> differences =
                settings.cores() == 1 ? BigDlAgreement.differences(rows.get(0), rows.get(1)) : List.of();
        if (!differences.isEmpty()) {
            throw new JobException(String.join("; ", differences));
        }
    }
}
