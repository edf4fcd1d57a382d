package io.densespark.benchmark.cluster;

import io.densespark.benchmark.Json;
import io.densespark.benchmark.report.Plots;
import io.densespark.benchmark.report.ResultFile;
import io.densespark.model.collective.PortRange;
import io.densespark.spark.JobException;
import io.densespark.spark.rank.Connections;
import io.densespark.spark.rank.RankStage;
import io.densespark.spark.rank.RanksLostException;
import io.densespark.spark.resources.ClusterSlots;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/** The driver's side: one barrier stage for each number of replicas, then tables, JSON and a report. */
public final class ClusterBenchmark {
    /** A slow peer ends the benchmark sooner than a training run: nothing is lost by it. Its gradients are nobody's secret. */
    private static final Connections CONNECTIONS =
            new Connections(Duration.ofMinutes(10), Duration.ofMinutes(1), PortRange.ANY, true);

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
     * @param checkpoints folder, in full, for those that the settings may ask for, which are removed in the end
     * @param json file for the rows
     * @param report folder for an HTML page
     * @param command that the user gave, for the page
     * @throws JobException before any work, if the files can't be written, the cluster has too few slots, or a replica
     *     doesn't fit; later, if ranks are lost
     */
    public static void run(
            JavaSparkContext sc,
            ClusterBenchmarkSettings settings,
            Optional<Path> checkpoints,
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
        List<ClusterRow> rows = measure(new ClusterBenchmark(sc, settings, out), checkpoints, conf);
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

    private static List<ClusterRow> measure(
            ClusterBenchmark benchmark, Optional<Path> checkpoints, Configuration conf) {
        if (checkpoints.isEmpty()) {
            return benchmark.measure(Optional.empty());
        }
        try (CheckpointFolder folder = CheckpointFolder.in(checkpoints.get(), conf)) {
            return benchmark.measure(Optional.of(folder.uri()));
        }
    }

    private List<ClusterRow> measure(Optional<String> checkpoints) {
        ClusterSlots.await(sc, OptionalInt.of(settings.mostReplicas()));
        List<RankStage> stages = new ArrayList<>();
        for (int replicas : settings.replicas()) {
            stages.add(RankStage.of(sc, replicas, CONNECTIONS, settings.replica(replicas)));
        }
        List<List<MeasuredRank>> all = new ArrayList<>();
        for (int round = 0; round < settings.rounds(); round++) {
            for (int i = 0; i < stages.size(); i++) {
                int replicas = settings.replicas().get(i);
                String name = "/replicas-" + replicas + "-round-" + round;
                List<MeasuredRank> ranks = run(stages.get(i), checkpoints.map(folder -> folder + name));
                if (round == 0) {
                    all.add(ranks);
                } else {
                    all.set(i, joined(all.get(i), ranks));
                }
                tell(rowsOf(all).get(i));
            }
        }
        return rowsOf(all);
    }

    private List<ClusterRow> rowsOf(List<List<MeasuredRank>> all) {
        List<ClusterRow> rows = new ArrayList<>();
        for (List<MeasuredRank> ranks : all) {
            rows.add(ClusterRow.of(
                    settings.globalBatch(ranks.size()), ranks, rows.stream().findFirst()));
        }
        return rows;
    }

    private static List<MeasuredRank> joined(List<MeasuredRank> first, List<MeasuredRank> later) {
        return IntStream.range(0, first.size())
                .mapToObj(rank -> first.get(rank).and(later.get(rank)))
                .toList();
    }

    private void tell(ClusterRow row) {
        int replicas = row.replicas();
        out.printf(
                Locale.ROOT,
                "%d replica%s: %.1f images/s, %.4f s a step%n",
                replicas,
                replicas == 1 ? "" : "s",
                row.imagesPerSecond(),
                row.step().median());
        row.checkpointCost(settings.checkpointSteps()).ifPresent(cost -> out.println(ClusterTable.cost(cost)));
        out.flush();
    }

    private List<MeasuredRank> run(RankStage stage, Optional<String> checkpoints) {
        try {
            return stage.run(new BenchmarkWork(settings, checkpoints));
        } catch (RanksLostException e) {
            throw new JobException("lost replicas (" + e.getMessage() + "): see the executors' logs, and run again", e);
        }
    }
}
