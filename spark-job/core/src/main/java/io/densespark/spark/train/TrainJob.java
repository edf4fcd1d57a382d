package io.densespark.spark.train;

import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.metrics.ProgressPrinter;
import io.densespark.spark.rank.RankStage;
import io.densespark.spark.resources.ClusterSlots;
import io.densespark.spark.settings.ClusterSettings;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.SaveLease;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.ShutdownHookManager;

/**
 * The driver's side of training. It checks all that can be checked before any work, has the ranks train in one or more {@link
 * Attempts}, and writes the results.
 */
public final class TrainJob {
    static final String RESULTS = "results.csv";

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
        try {
            return trainUndisturbed(start, ending);
        } catch (RuntimeException e) {
            // Whatever Spark says when its hooks have ended it: before the first step, in the test.
            if (ShutdownHookManager.inShutdown() && !Attempts.isEndedBySignal(e)) {
                throw Attempts.endedBySignal(start.checkpoints().toGoOnFrom(), e);
            }
            throw e;
        }
    }

    private <T> T trainUndisturbed(RunStart start, Ending<T> ending) throws IOException {
        ClusterSettings cluster = start.asked().cluster();
        int slots = ClusterSlots.await(sc, cluster.leastReplicas(), cluster.replicas());
        DataFacts facts = start.data().facts();
        RunPlan plan = RunPlan.first(start.settings(slots), start.data(), Attempts.newName(), start.beginning());
        plan.requireStatistics(facts.trainImages() - plan.validSize());
        start.newest().ifPresent(plan::requireSameShares);
        ReplicaCount count = plan.replicaCount(cluster, ClusterSlots.wanted(sc, cluster.replicas()));
        RankStage stage =
                RankStage.of(sc, plan.worldSize(), plan.settings().cluster().connections(), plan.replica());
        announce(plan, stage, facts, start);
        ProgressPrinter printer = new ProgressPrinter(
                out, terminal, plan.settings().schedule().epochs(), Attempts.epochs(start.newest()));
        try (SaveLease lease = SaveLease.take(start.save(), conf)) {
            List<TrainedRank> trained = new Attempts(sc, start, plan, stage, count, lease, printer).toTheEnd();
            return ending.of(new Conclusion(plan, facts, start.checkpoints(), trained));
        }
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
                (start.newest().isPresent() ? "going on " : "") + Attempts.whereFrom(start.newest()));
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
}
