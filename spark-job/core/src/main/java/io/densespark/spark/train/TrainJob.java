package io.densespark.spark.train;

import io.densespark.data.ImageShape;
import io.densespark.data.batch.TrainValidationSplit;
import io.densespark.data.files.Leftovers;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.spark.JobException;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.metrics.ProgressListener;
import io.densespark.spark.metrics.ProgressPrinter;
import io.densespark.spark.metrics.RunAccumulators;
import io.densespark.spark.metrics.StragglerWatch;
import io.densespark.spark.rank.RankStage;
import io.densespark.spark.rank.RanksLostException;
import io.densespark.spark.resources.ClusterSlots;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.CheckpointStore.Complete;
import io.densespark.spark.store.SaveFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;

/**
 * The driver's side of training. It checks all that can be checked before any work, resubmits the barrier stage from the
 * newest complete checkpoint after lost executors (Spark itself retries no barrier result stage), and writes the results.
 */
public final class TrainJob {
    static final String RESULTS = "results.csv";
    private static final String NONE = "none";

    private final JavaSparkContext sc;
    private final Configuration conf;
    private final PrintStream out;
    private final boolean terminal;

    /** @param out for people, line by line; on a terminal with a live line */
    public TrainJob(JavaSparkContext sc, PrintStream out, boolean terminal) {
        this.sc = sc;
        this.conf = sc.hadoopConfiguration();
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * Trains, tests the best model once, and writes {@code results.csv}, {@code result.json} and {@code model/} into the
     * settings' save folder.
     *
     * @throws JobException if the run can't succeed as asked
     */
    public TrainResult run(TrainSettings asked) throws IOException {
        TrainResult.requireNone(new Path(asked.places().save()), conf);
        return train(asked, PreparedData.read(new Path(asked.places().data()), conf))
                .testAndWrite(sc);
    }

    /**
     * Trains on the images of a DataFrame, and writes the best model into {@code model/} of the settings' save folder.
     *
     * @return the figures of all epochs
     * @throws JobException if the run can't succeed as asked
     */
    public List<EpochRow> fit(TrainSettings asked, RowData data) throws IOException {
        return train(asked, data).write(conf);
    }

    /** The same on the settings' data set, without a test. */
    public List<EpochRow> fit(TrainSettings asked) throws IOException {
        return train(asked, PreparedData.read(new Path(asked.places().data()), conf))
                .write(conf);
    }

    private Conclusion train(TrainSettings asked, TrainingData data) throws IOException {
        Path save = new Path(asked.places().save());
        SaveFolder.requireWritable(save, conf);
        CheckpointStore checkpoints = new CheckpointStore(new Path(save, RunPlan.CHECKPOINTS), conf);
        removeLeftovers(save, checkpoints);
        Optional<Complete> newest = checkpoints.toGoOnFrom();
        Optional<StartingWeights> start = newest.isPresent() ? Optional.empty() : start(asked, data);
        TrainSettings settings = decide(asked, data, newest);
        RunPlan plan = RunPlan.first(settings, data, newAttempt(), beginning(newest, start));
        plan.requireStatistics(data.facts().trainImages() - plan.validSize());
        RankStage stage = RankStage.of(sc, plan.worldSize(), settings.cluster().connections(), plan.replica());
        announce(plan, stage, data.facts(), newest, start);
        Attempts attempts = new Attempts(stage, data.rows(plan.worldSize()), checkpoints, save);
        return new Conclusion(plan, data.facts(), checkpoints, trainToTheEnd(plan, attempts, newest));
    }

    /** What a killed run has left of files that it was writing. */
    private void removeLeftovers(Path save, CheckpointStore checkpoints) throws IOException {
        Leftovers.removeAllIn(save, conf);
        Leftovers.removeAllIn(new Path(save, RunPlan.TENSORBOARD), conf);
        checkpoints.removeLeftovers();
    }

    private static Beginning beginning(Optional<Complete> newest, Optional<StartingWeights> start) {
        return newest.map(TrainJob::checkpoint)
                .or(() -> start.map(weights -> new Beginning.Weights(weights.sha256())))
                .orElseGet(Beginning.Random::new);
    }

    private static Beginning checkpoint(Complete newest) {
        return new Beginning.Checkpoint(newest.folder());
    }

    /** Reads the weights to begin with, to find out now whether they are there and fit. */
    private Optional<StartingWeights> start(TrainSettings asked, TrainingData data) {
        return asked.places().init().map(uri -> {
            RunPlan plan = RunPlan.first(asked, data, "", new Beginning.Random());
            return StartingWeights.read(uri, ParameterLayout.of(plan.spec()), conf);
        });
    }

    private TrainSettings decide(TrainSettings asked, TrainingData data, Optional<Complete> newest) {
        long seed = asked.seed()
                .orElseGet(() -> newest.map(complete -> complete.manifest().seed())
                        .orElseGet(() -> (long) new SecureRandom().nextInt(Integer.MAX_VALUE)));
        newest.ifPresent(complete -> requireSame(asked, seed, data.facts(), complete));
        requireValid(asked.decided(seed, 1), data);
        int replicas = ClusterSlots.await(sc, asked.cluster().replicas());
        return asked.decided(seed, Math.min(replicas, asked.schedule().batchSize()));
    }

    /** Finds now, on the driver, what every rank would find later. */
    private static void requireValid(TrainSettings settings, TrainingData data) {
        ImageShape shape = data.facts().shape();
        settings.augmentation().requireFits(shape);
        RunPlan plan = RunPlan.first(settings, data, "", new Beginning.Random());
        TrainValidationSplit.of(data.facts().trainImages(), plan.validSize(), plan.seed());
        plan.replica().settings(1, Device.CPU);
    }

    private void requireSame(TrainSettings asked, long seed, DataFacts facts, Complete newest) {
        Map<String, String> now = RunPlan.identity(asked, facts);
        Map<String, String> then = newest.manifest().settings();
        Stream.concat(then.keySet().stream(), now.keySet().stream()).forEach(key -> {
            // Settings that are switched off are left out.
            String value = then.getOrDefault(key, NONE);
            if (!value.equals(now.getOrDefault(key, NONE))) {
                throw new JobException("checkpoint " + newest.folder() + " was trained with " + key + " " + value
                        + ", not " + now.getOrDefault(key, NONE)
                        + ": use the same settings to go on, or another --save to begin anew");
            }
        });
        if (newest.manifest().seed() != seed) {
            throw new JobException("checkpoint " + newest.folder() + " was trained with seed "
                    + newest.manifest().seed() + ", not " + seed
                    + ": leave out --seed to go on, or use another --save to begin anew");
        }
    }

    private static String newAttempt() {
        return UUID.randomUUID().toString();
    }

    private void announce(
            RunPlan plan,
            RankStage stage,
            DataFacts facts,
            Optional<Complete> newest,
            Optional<StartingWeights> start) {
        TrainSettings settings = plan.settings();
        out.printf(
                Locale.ROOT,
                "%s, %,d parameters; %s: %,d training images of %dx%dx%d, %d classes%n",
                settings.network().describe(),
                ParameterLayout.of(plan.spec()).parameterCount(),
                facts.name(),
                facts.trainImages() - plan.validSize(),
                facts.shape().height(),
                facts.shape().width(),
                facts.shape().channels(),
                facts.classes().size());
        out.printf(
                Locale.ROOT,
                "%d replicas, global batch %d, seed %d, %s%n",
                plan.worldSize(),
                settings.schedule().batchSize(),
                plan.seed(),
                (newest.isPresent() ? "going on " : "") + whereFrom(newest));
        start.ifPresent(found -> out.print(found.weights().report().describe()));
        ReplicaSettings replica = stage.expectedReplica();
        out.printf(
                Locale.ROOT,
                "Memory plan of a replica (%d images, recompute level %s%s, %s):%n%s",
                replica.batch(),
                replica.level(),
                slower(stage),
                replica.device().kind() == Device.Kind.CPU
                        ? replica.workers() + " workers"
                        : settings.cluster().precision() + " on a GPU",
                MemoryPlan.of(replica).describe());
        out.flush();
    }

    /** The totals of the levels that a replica takes if the first doesn't fit. */
    private static String slower(RankStage stage) {
        StringBuilder totals = new StringBuilder();
        for (ReplicaSettings replica : stage.alternatives()) {
            totals.append(String.format(
                    Locale.ROOT,
                    "; where that doesn't fit %s with %.2f MB",
                    replica.level(),
                    MemoryPlan.of(replica).totalBytes() / 1e6));
        }
        return totals.toString();
    }

    /** What is the same for all attempts. */
    private record Attempts(RankStage stage, Optional<JavaRDD<Row>> rows, CheckpointStore checkpoints, Path save) {
        List<TrainedRank> run(TrainWork work) {
            return rows.isPresent() ? stage.run(work, rows.get()) : stage.run(work);
        }
    }

    /** Attempts, until all ranks have trained to the end; what an attempt finished is kept by its checkpoints. */
    private List<TrainedRank> trainToTheEnd(RunPlan first, Attempts attempts, Optional<Complete> resumed)
            throws IOException {
        RunPlan plan = first;
        Optional<Complete> newest = resumed;
        int failures = 0;
        ProgressPrinter printer =
                new ProgressPrinter(out, terminal, plan.settings().schedule().epochs(), epochs(newest));
        while (true) {
            try {
                return attempt(plan, attempts, newest, printer);
            } catch (RanksLostException e) {
                int done = epochs(newest);
                newest = attempts.checkpoints().toGoOnFrom();
                failures = epochs(newest) > done ? 1 : failures + 1;
                if (failures > plan.settings().cluster().maxFailures()) {
                    throw new JobException(
                            "gave up after " + failures + " failures without a new checkpoint; the last: "
                                    + e.getMessage(),
                            e);
                }
                printer.line("lost replicas (" + e.getMessage() + "); going on " + whereFrom(newest));
                ClusterSlots.awaitReplacements(sc, plan.worldSize());
                plan = plan.next(newAttempt(), newest.map(TrainJob::checkpoint).orElse(first.beginning()));
            }
        }
    }

    /** Epochs that a checkpoint, if there is one, has behind it. */
    private static int epochs(Optional<Complete> checkpoint) {
        return checkpoint.map(complete -> complete.manifest().epochs()).orElse(0);
    }

    private static String whereFrom(Optional<Complete> checkpoint) {
        return checkpoint.isPresent() ? "after epoch " + epochs(checkpoint) : "from the beginning";
    }

    private List<TrainedRank> attempt(
            RunPlan plan, Attempts attempts, Optional<Complete> resumed, ProgressPrinter printer) {
        RunAccumulators progress = RunAccumulators.register(sc.sc());
        List<EpochRow> before =
                resumed.map(complete -> complete.manifest().history()).orElse(List.of());
        StragglerWatch stragglers = new StragglerWatch(plan.worldSize());
        EpochKeeper keeper = new EpochKeeper(
                before, attempts.checkpoints(), conf, new Path(attempts.save(), RESULTS), printer, stragglers);
        ProgressListener listener = new ProgressListener(progress, keeper::show);
        sc.sc().addSparkListener(listener);
        try {
            List<TrainedRank> trained = attempts.run(new TrainWork(plan, progress));
            keeper.finished(trained.get(0).rows());
            return trained;
        } finally {
            sc.sc().removeSparkListener(listener);
        }
    }
}
