package io.densespark.spark.train;

import io.densespark.spark.JobException;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.metrics.ProgressListener;
import io.densespark.spark.metrics.ProgressPrinter;
import io.densespark.spark.metrics.RunAccumulators;
import io.densespark.spark.metrics.StragglerWatch;
import io.densespark.spark.platform.Termination;
import io.densespark.spark.rank.ExecutorLosses;
import io.densespark.spark.rank.RankStage;
import io.densespark.spark.rank.RanksLostException;
import io.densespark.spark.resources.ClusterSlots;
import io.densespark.spark.store.CheckpointStore.Complete;
import io.densespark.spark.store.SaveLease;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts of a run, each a barrier stage that begins at the newest complete checkpoint: another follows lost executors
 * (Spark itself retries no barrier result stage), and a stop for executors that are about to leave or have come.
 */
final class Attempts {
    /** Spark's own account of a lost executor comes a little after that of its peers. */
    private static final Duration WORD_OF_LOSSES = Duration.ofSeconds(5);

    private static final String BY_SIGNAL = "ended by a signal; the same command goes on ";
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final JavaSparkContext sc;
    private final RunStart start;
    private final ReplicaCount count;
    private final SaveLease lease;
    private final ProgressPrinter printer;
    private final Optional<JavaRDD<Row>> rows;
    private RankStage stage;
    private RunPlan plan;
    private Optional<Complete> newest;
    private int failures;

    /** Of the attempt that runs; the hook's thread and that of the slots ask, too. */
    private boolean isRunning;

    Attempts(
            JavaSparkContext sc,
            RunStart start,
            RunPlan first,
            RankStage stage,
            ReplicaCount count,
            SaveLease lease,
            ProgressPrinter printer) {
        this.sc = sc;
        this.start = start;
        this.count = count;
        this.lease = lease;
        this.printer = printer;
        this.stage = stage;
        plan = first;
        newest = start.newest();
        rows = start.data().rows(first.worldSize());
    }

    /** A name for an attempt, unlike any other's. */
    static String newName() {
        return UUID.randomUUID().toString();
    }

    /**
     * Until all ranks have trained to the end.
     *
     * @throws JobException if that can't be, or the process was told to end: after a checkpoint
     */
    List<TrainedRank> toTheEnd() throws IOException {
        try (Termination termination = Termination.hold(this::askToStop);
                ExecutorLosses losses = ExecutorLosses.of(sc.sc())) {
            while (true) {
                Optional<List<TrainedRank>> trained = attempt(losses, termination);
                if (trained.isPresent()) {
                    return trained.get();
                }
            }
        }
    }

    /** @return nothing if another attempt is to follow */
    private Optional<List<TrainedRank>> attempt(ExecutorLosses losses, Termination termination) throws IOException {
        Optional<Complete> before = newest;
        try {
            List<TrainedRank> trained = run();
            lease.requireHeld();
            if (!trained.get(0).isStopped()) {
                return Optional.of(trained);
            }
            newest = newest();
            requireMayGoOn(termination, Optional.empty());
            boolean isToldToEnd = trained.stream().anyMatch(TrainedRank::isToldToEnd);
            printer.line(
                    isToldToEnd
                            ? "an executor was told to end; going on " + whereFrom(newest)
                            : "executors come or go; going on " + whereFrom(newest));
            if (isToldToEnd) {
                ClusterSlots.awaitFewer(sc, plan.worldSize(), WORD_OF_LOSSES);
            }
            failures = isFurther(newest, before) ? 0 : failures;
        } catch (RanksLostException e) {
            boolean isClusters = !termination.isAsked() && losses.wereTheClusters(WORD_OF_LOSSES);
            newest = newest();
            requireMayGoOn(termination, Optional.of(e));
            failures = (isFurther(newest, before) ? 0 : failures) + (isClusters ? 0 : 1);
            if (failures > plan.settings().cluster().maxFailures()) {
                throw new JobException(
                        "gave up after " + failures + " failures without a new checkpoint; the last: "
                                + e.getMessage()
                                + losses.worstHost()
                                        .map(host -> "; most executors were lost on host " + host
                                                + ": see what is wrong there, or run without it")
                                        .orElse(""),
                        e);
            }
            printer.line("lost replicas (" + e.getMessage()
                    + (isClusters ? "; the cluster took executors away, which doesn't count as a failure" : "")
                    + "); going on " + whereFrom(newest));
        }
        plan = next();
        return Optional.empty();
    }

    private Optional<Complete> newest() throws IOException {
        return StorageRetry.USUAL.call("read the checkpoints", start.checkpoints()::toGoOnFrom);
    }

    private void requireMayGoOn(Termination termination, Optional<RanksLostException> lost) {
        if (termination.isAsked()) {
            JobException ended = endedBySignal(newest, lost.orElse(null));
            printer.line(String.valueOf(ended.getMessage()));
            throw ended;
        }
        lease.requireHeld();
    }

    /** The error of a run whose process was told to end. */
    static JobException endedBySignal(Optional<Complete> newest, @Nullable RuntimeException cause) {
        return new JobException(BY_SIGNAL + whereFrom(newest), cause);
    }

    static boolean isEndedBySignal(RuntimeException error) {
        return String.valueOf(error.getMessage()).startsWith(BY_SIGNAL);
    }

    /** With as many replicas as there are slots by the time that is given for more, if there are enough. */
    private RunPlan next() {
        int replicas = count.await(sc);
        RunPlan next = plan.next(newName(), newest.map(Beginning::after).orElse(start.beginning()), replicas);
        if (replicas != plan.worldSize()) {
            stage = stage.resized(replicas, next.replica());
            printer.line(
                    (replicas == 1 ? "1 replica now, with at most " : replicas + " replicas now, each with at most ")
                            + stage.expectedReplica().batch() + " images a step, recompute level "
                            + stage.expectedReplica().level());
        }
        return next;
    }

    private List<TrainedRank> run() throws IOException {
        RunAccumulators progress = RunAccumulators.register(sc.sc());
        List<EpochRow> before =
                newest.map(complete -> complete.manifest().history()).orElse(List.of());
        EpochKeeper keeper = new EpochKeeper(
                before,
                start.checkpoints(),
                sc.hadoopConfiguration(),
                new Path(start.save(), TrainJob.RESULTS),
                printer,
                new StragglerWatch(plan.worldSize()),
                plan.settings().checkpoints().kept());
        ProgressListener listener = new ProgressListener(progress, keeper::show);
        sc.sc().addSparkListener(listener);
        String tag = "densespark-" + plan.attempt();
        sc.sc().addJobTag(tag);
        setRunning(true);
        try (SlotWatch slots = SlotWatch.of(
                sc, plan.worldSize(), count, this::askToStop, () -> sc.sc().cancelJobsWithTag(tag))) {
            TrainWork work = new TrainWork(plan, progress);
            List<TrainedRank> trained = rows.isPresent() ? stage.run(work, rows.get()) : stage.run(work);
            keeper.finished(trained.get(0).rows());
            return trained;
        } finally {
            setRunning(false);
            sc.sc().removeJobTag(tag);
            sc.sc().removeSparkListener(listener);
            removeRequest();
        }
    }

    /** One that stays is to this attempt alone. */
    private void removeRequest() {
        try {
            plan.stopRequest(sc.hadoopConfiguration()).remove();
        } catch (IOException e) {
            LOG.warn("the request to stop can't be removed: {}", e.getMessage());
        }
    }

    /**
     * Asks the ranks, if there are some, for a checkpoint and their end.
     *
     * @return whether they will hear of it
     */
    private synchronized boolean askToStop() {
        if (!isRunning) {
            return false;
        }
        try {
            plan.stopRequest(sc.hadoopConfiguration()).make();
            return true;
        } catch (IOException e) {
            LOG.warn("the replicas can't be asked for a checkpoint: {}", e.getMessage());
            return false;
        }
    }

    private synchronized void setRunning(boolean now) {
        isRunning = now;
    }

    /** Epochs that a checkpoint, if there is one, has behind it. */
    static int epochs(Optional<Complete> checkpoint) {
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

    /** Where a run goes on, for people. */
    static String whereFrom(Optional<Complete> checkpoint) {
        if (checkpoint.isEmpty()) {
            return "from the beginning";
        }
        int epochs = epochs(checkpoint);
        return steps(checkpoint) == 0
                ? "after epoch " + epochs
                : "after step " + steps(checkpoint) + " of epoch " + (epochs + 1);
    }
}
