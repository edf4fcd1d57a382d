package io.densespark.spark.train;

import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.metrics.ProgressListener;
import io.densespark.spark.metrics.ProgressPrinter;
import io.densespark.spark.metrics.RunAccumulators;
import io.densespark.spark.metrics.StragglerWatch;
import io.densespark.spark.rank.ExecutorLosses;
import io.densespark.spark.rank.RankStage;
import io.densespark.spark.rank.RanksLostException;
import io.densespark.spark.resources.ClusterSlots;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.CheckpointStore.Complete;
import io.densespark.spark.store.SaveLease;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.ShutdownHookManager;

/**
 * The driver's side of training. It checks all that can be checked before any work, resubmits the barrier stage from the
 * newest complete checkpoint after lost executors (Spark itself retries no barrier result stage), and writes the results.
 */
public final class TrainJob {
    static final String RESULTS = "results.csv";

    /** Spark's own account of a lost executor comes a little after that of its peers. */
    private static final Duration WORD_OF_LOSSES = Duration.ofSeconds(5);

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
    public TrainResult run(RunStart start) throws IOException {
        return train(start, conclusion -> conclusion.testAndWrite(sc));
    }

    /**
     * Trains on the images of a DataFrame, and writes the best model into {@code model/} of the settings' save folder.
     *
     * @return the figures of all epochs
     * @throws JobException if the run can't succeed as asked
     */
    public List<EpochRow> fit(TrainSettings asked, RowData data) throws IOException {
        return fit(RunStart.of(asked, data, conf));
    }

    /** The same on the settings' data set, without a test. */
    public List<EpochRow> fit(TrainSettings asked) throws IOException {
        return fit(RunStart.of(asked, PreparedData.read(new Path(asked.places().data()), conf), conf));
    }

    private List<EpochRow> fit(RunStart start) throws IOException {
        return train(start, conclusion -> conclusion.write(conf));
    }

    /** What is made of a run at its end. */
    private interface Ending<T> {
        T of(Conclusion conclusion) throws IOException;
    }

    /** The save folder is held from the first attempt to what comes after the last; what is refused before leaves nothing. */
    private <T> T train(RunStart start, Ending<T> ending) throws IOException {
        int slots = ClusterSlots.await(sc, start.asked().cluster().replicas());
        DataFacts facts = start.data().facts();
        RunPlan plan = RunPlan.first(start.settings(slots), start.data(), newAttempt(), start.beginning());
        plan.requireStatistics(facts.trainImages() - plan.validSize());
        start.newest().ifPresent(plan::requireSameShares);
        RankStage stage =
                RankStage.of(sc, plan.worldSize(), plan.settings().cluster().connections(), plan.replica());
        announce(plan, stage, facts, start);
        try (SaveLease lease = SaveLease.take(start.save(), conf)) {
            Attempts attempts =
                    new Attempts(stage, start.data().rows(plan.worldSize()), start.checkpoints(), start.save(), lease);
            List<TrainedRank> trained = trainToTheEnd(plan, attempts, start.newest());
            return ending.of(new Conclusion(plan, facts, start.checkpoints(), trained));
        }
    }

    private static String newAttempt() {
        return UUID.randomUUID().toString();
    }

    private void announce(RunPlan plan, RankStage stage, DataFacts facts, RunStart start) {
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
                (start.newest().isPresent() ? "going on " : "") + whereFrom(start.newest()));
        start.weights().ifPresent(found -> out.print(found.weights().report().describe()));
        ReplicaSettings replica = stage.expectedReplica();
        out.printf(
                Locale.ROOT,
                "Memory plan of a replica (%d images, recompute level %s%s, %s):%n%s",
                replica.batch(),
                replica.level(),
                slower(stage),
                replica.device().kind() == Device.Kind.CPU
                        ? replica.workers() + " workers" + (replica.precision() == Precision.FP32 ? "" : ", bf16")
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
    private record Attempts(
            RankStage stage, Optional<JavaRDD<Row>> rows, CheckpointStore checkpoints, Path save, SaveLease lease) {
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
        try (ExecutorLosses losses = ExecutorLosses.of(sc.sc())) {
            while (true) {
                try {
                    List<TrainedRank> trained = attempt(plan, attempts, newest, printer);
                    attempts.lease().requireHeld();
                    return trained;
                } catch (RanksLostException e) {
                    requireMayGoOn(attempts, e);
                    boolean isClusters = losses.wereTheClusters(WORD_OF_LOSSES);
                    Optional<Complete> before = newest;
                    newest = attempts.checkpoints().toGoOnFrom();
                    failures = (isFurther(newest, before) ? 0 : failures) + (isClusters ? 0 : 1);
                    if (failures > plan.settings().cluster().maxFailures()) {
                        throw new JobException(
                                "gave up after " + failures + " failures without a new checkpoint; the last: "
                                        + e.getMessage(),
                                e);
                    }
                    printer.line("lost replicas (" + e.getMessage()
                            + (isClusters ? "; the cluster took executors away, which doesn't count as a failure" : "")
                            + "); going on " + whereFrom(newest));
                    ClusterSlots.awaitReplacements(sc, plan.worldSize());
                    plan = plan.next(newAttempt(), newest.map(Beginning::after).orElse(first.beginning()));
                }
            }
        }
    }

    private static void requireMayGoOn(Attempts attempts, RanksLostException e) throws IOException {
        if (ShutdownHookManager.inShutdown()) {
            throw new JobException(
                    "ended by a signal; the same command goes on "
                            + whereFrom(attempts.checkpoints().newest()),
                    e);
        }
        attempts.lease().requireHeld();
    }

    /** Epochs that a checkpoint, if there is one, has behind it. */
    private static int epochs(Optional<Complete> checkpoint) {
        return checkpoint.map(complete -> complete.manifest().epochs()).orElse(0);
    }

    private static int steps(Optional<Complete> checkpoint) {
        return checkpoint
                .map(complete -> complete.manifest().progress().steps())
                .orElse(0);
    }

    private static boolean isFurther(Optional<Complete> checkpoint, Optional<Complete> other) {
        return epochs(checkpoint) > epochs(other)
                || (epochs(checkpoint) == epochs(other) && steps(checkpoint) > steps(other));
    }

    private static String whereFrom(Optional<Complete> checkpoint) {
        if (checkpoint.isEmpty()) {
            return "from the beginning";
        }
        int epochs = epochs(checkpoint);
        return steps(checkpoint) == 0
                ? "after epoch " + epochs
                : "after step " + steps(checkpoint) + " of epoch " + (epochs + 1);
    }

    private List<TrainedRank> attempt(
            RunPlan plan, Attempts attempts, Optional<Complete> resumed, ProgressPrinter printer) {
        RunAccumulators progress = RunAccumulators.register(sc.sc());
        List<EpochRow> before =
                resumed.map(complete -> complete.manifest().history()).orElse(List.of());
        StragglerWatch stragglers = new StragglerWatch(plan.worldSize());
        EpochKeeper keeper = new EpochKeeper(
                before,
                attempts.checkpoints(),
                conf,
                new Path(attempts.save(), RESULTS),
                printer,
                stragglers,
                plan.settings().checkpoints().kept());
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
