package io.densespark.benchmark.cluster;

import io.densespark.benchmark.Json;
import io.densespark.benchmark.cluster.RankReport.Failed;
import io.densespark.benchmark.cluster.RankReport.Measured;
import io.densespark.benchmark.report.Plots;
import io.densespark.benchmark.report.ResultFile;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.spark.JobException;
import io.densespark.spark.barrier.BarrierFailedException;
import io.densespark.spark.barrier.BarrierJob;
import io.densespark.spark.resources.ClusterSlots;
import io.densespark.spark.resources.MemoryBudget;
import io.densespark.spark.resources.MemoryCheck;
import io.densespark.spark.resources.TaskDevice;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/** The driver's side: one barrier stage for each number of replicas, then tables, JSON and a report. */
public final class ClusterBenchmark {
    private static final String REPORT_FILE = "index.html";

    private final JavaSparkContext sc;
    private final ClusterBenchmarkSettings settings;
    private final PrintStream out;

    private ClusterBenchmark(JavaSparkContext sc, ClusterBenchmarkSettings settings, PrintStream out) {
        this.sc = sc;
        this.settings = settings;
        this.out = out;
    }

    /**
     * Measures and prints tables, then writes the files.
     *
     * @param json file for the rows
     * @param report folder for an HTML page
     * @param command that the user gave, for the page
     * @throws JobException before any work, if the files can't be written, the cluster has too few slots, or a replica
     *     doesn't fit; later, if ranks are lost
     */
    public static void run(
            JavaSparkContext sc,
            ClusterBenchmarkSettings settings,
            Optional<String> json,
            Optional<String> report,
            String command,
            PrintStream out) {
        Configuration conf = sc.hadoopConfiguration();
        Optional<ResultFile> jsonFile = json.map(place -> ResultFile.at(place, "json", conf));
        Optional<ResultFile> page = report.map(folder -> ResultFile.at(folder + "/" + REPORT_FILE, "report", conf));
        if (page.isPresent()) {
            Plots.requireFonts("--report");
        }
        List<ClusterRow> rows = new ClusterBenchmark(sc, settings, out).measure();
        out.println();
        out.print(ClusterTable.of(rows));
        jsonFile.ifPresent(file -> file.write(Json.file(
                rows.stream().map(row -> ClusterResult.of(settings, row)).toList())));
        page.ifPresent(file -> {
            file.write(ReportPage.of(settings, rows, RunFacts.of(sc, command)));
            out.println();
            out.println("report in " + file);
        });
    }

    private List<ClusterRow> measure() {
        ClusterSlots.await(sc, OptionalInt.of(settings.mostReplicas()));
        List<ClusterBenchmarkSettings> stages = new ArrayList<>();
        for (int replicas : settings.replicas()) {
            stages.add(settings.withLevels(fittingLevels(replicas)));
        }
        List<ClusterRow> rows = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            int replicas = settings.replicas().get(i);
            List<Measured> ranks = stage(replicas, stages.get(i));
            ClusterRow row = ClusterRow.of(
                    settings.globalBatch(replicas), ranks, rows.stream().findFirst());
            rows.add(row);
            out.printf(
                    Locale.ROOT,
                    "%d replica%s: %.1f images/s, %.4f s a step%n",
                    replicas,
                    replicas == 1 ? "" : "s",
                    row.imagesPerSecond(),
                    row.step().median());
            out.flush();
        }
        return rows;
    }

    /** The levels that the cluster manager allows; the machines' own memory only the ranks can see. */
    private List<RecomputeLevel> fittingLevels(int replicas) {
        MemoryBudget budget =
                MemoryBudget.ofClusterManager(sc.getConf(), replicas).orElse(MemoryBudget.UNKNOWN);
        RecomputeLevel fastest = settings.levels().get(0);
        ReplicaSettings replica = settings.replica(
                replicas, fastest, TaskDevice.expectedWorkers(sc.getConf()), TaskDevice.expected(sc.getConf()));
        return MemoryCheck.fitting(replica, settings.levels(), budget);
    }

    private List<Measured> stage(int replicas, ClusterBenchmarkSettings stage) {
        Queue<Failed> failed = new ConcurrentLinkedQueue<>();
        BenchmarkTask task = new BenchmarkTask(stage, UUID.randomUUID().toString());
        List<Measured> measured = new ArrayList<>();
        try {
            List<RankReport> reports = BarrierJob.run(sc, replicas, task, (rank, report) -> {
                if (report instanceof Failed failure) {
                    failed.add(failure);
                }
            });
            throwIfAny(failed);
            reports.forEach(report -> measured.add((Measured) report));
            return measured;
        } catch (BarrierFailedException e) {
            throwIfAny(failed);
            throw new JobException("lost replicas (" + e.getMessage() + "): see the executors' logs, and run again", e);
        }
    }

    private static void throwIfAny(Queue<Failed> failures) {
        Failed first = failures.peek();
        if (first != null) {
            throw new JobException("rank " + first.rank() + ": " + first.message());
        }
    }
}
