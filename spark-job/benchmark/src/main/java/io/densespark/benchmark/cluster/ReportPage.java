package io.densespark.benchmark.cluster;

import io.densespark.benchmark.cluster.ClusterBenchmarkSettings.Scaling;
import io.densespark.benchmark.report.Html;
import io.densespark.benchmark.report.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The benchmark as one HTML file that needs nothing else, for a reader who wasn't there. */
final class ReportPage {
    private static final String TITLE = "DenseSpark cluster benchmark";

    private final ClusterBenchmarkSettings settings;
    private final List<ClusterRow> rows;
    private final RunFacts facts;
    private final ClusterRow largest;

    private ReportPage(ClusterBenchmarkSettings settings, List<ClusterRow> rows, RunFacts facts) {
        this.settings = settings;
        this.rows = rows;
        this.facts = facts;
        largest = rows.get(rows.size() - 1);
    }

    /** @param rows at least one, the fewest replicas first */
    static String of(ClusterBenchmarkSettings settings, List<ClusterRow> rows, RunFacts facts) {
        return new ReportPage(settings, rows, facts).page();
    }

    private String page() {
        return Html.page(
                TITLE,
                Html.paragraph(facts.date())
                        + Html.paragraph(summary())
                        + results()
                        + checkpoints()
                        + shares()
                        + allReduce()
                        + ranks()
                        + setUp());
    }

    private String summary() {
        ClusterRow first = rows.get(0);
        String network = String.format(
                Locale.ROOT,
                "%s trained on images of %dx%d, %s.",
                settings.network(),
                settings.imageSize(),
                settings.imageSize(),
                batch());
        if (rows.size() == 1) {
            return String.format(
                    Locale.ROOT, "%s %s: %.1f images/s.", network, replicas(first), first.imagesPerSecond());
        }
        return String.format(
                Locale.ROOT,
                "%s %s: %.1f images/s, %.2f times the %.1f images/s of %s; efficiency %.2f. The all-reduce takes %.1f%% of"
                        + " a step.",
                network,
                replicas(largest),
                largest.imagesPerSecond(),
                largest.imagesPerSecond() / first.imagesPerSecond(),
                first.imagesPerSecond(),
                replicas(first),
                largest.efficiency(),
                100 * largest.share(Phase.ALL_REDUCE));
    }

    private static String replicas(ClusterRow row) {
        return row.replicas() == 1 ? "1 replica" : row.replicas() + " replicas";
    }

    private String batch() {
        return settings.scaling() == Scaling.WEAK
                ? settings.batch() + " a replica and step (weak scaling)"
                : settings.batch() + " a step for all replicas together (strong scaling)";
    }

    private String results() {
        List<List<String>> cells = rows.stream()
                .map(row -> List.of(
                        Integer.toString(row.replicas()),
                        Integer.toString(row.globalBatch()),
                        Numbers.fixed(1, row.imagesPerSecond()),
                        Numbers.fixed(3, row.efficiency()),
                        Numbers.fixed(4, row.step().median()),
                        ClusterTable.quartiles(row.step()),
                        Numbers.fixed(4, row.step().min()) + "–"
                                + Numbers.fixed(4, row.step().max()),
                        Numbers.megabytes(row.peakBytes()),
                        Numbers.megabytes(row.plannedBytes())))
                .toList();
        return Html.heading("Speed and memory")
                + Html.table(
                        List.of(
                                "replicas",
                                "global batch",
                                "images/s",
                                "efficiency",
                                "median step, s",
                                "quartiles",
                                "range",
                                "peak MB",
                                "planned MB"),
                        cells)
                + Html.paragraph("Images per second are the global batch by the median of " + settings.steps()
                        + " steps" + (settings.rounds() == 1 ? "" : " in each of " + settings.rounds() + " rounds")
                        + ", after " + settings.warmUp()
                        + " steps of warm-up. Efficiency is images per second and"
                        + " replica, relative to the first row. Peak MB (10⁶ bytes) is the most memory that the process of a"
                        + " replica took beyond what it had before its first replica, by replica: Java heap and batches"
                        + " included; planned MB is the memory plan of the replica alone. The largest replica counts.")
                + Html.figure(ClusterPlots.throughput(rows), "Images per second of all replicas together.")
                + Html.figure(
                        ClusterPlots.efficiency(rows), "Images per second of a replica, relative to the first row.");
    }

    private String checkpoints() {
        return rows.stream()
                .flatMap(row -> row.checkpointCost(settings.checkpointSteps()).stream()
                        .map(cost -> Html.paragraph("With " + replicas(row) + ", " + ClusterTable.cost(cost) + ".")))
                .collect(Collectors.joining());
    }

    private String shares() {
        String waiting = rows.stream()
                .filter(row -> row.replicas() > 1)
                .map(row -> Numbers.fixed(5, row.leastAllReduce()) + " s" + " (" + replicas(row) + ")")
                .collect(Collectors.joining(", "));
        return Html.heading("Where the time of a step goes")
                + Html.figure(ClusterPlots.shares(rows), "Shares of the mean step, over all steps and ranks.")
                + phases("%", row -> 100.0, (row, phase) -> 100 * row.share(phase), 2)
                + phases("s", ClusterRow::meanStep, ClusterRow::seconds, 5)
                + Html.paragraph("Recompute is what the backward pass makes again instead of keeping it (level "
                        + levels()
                        + "), a mean over the replica's workers. All-reduce is the sum of the gradients, with the"
                        + " wait for slower ranks"
                        + (waiting.isEmpty() ? "." : "; the rank that waited least spent " + waiting + " in it.")
                        + " Data wait is the wait for the batch loader; other is what no clock covers.")
                + (onGpu()
                        ? Html.paragraph(
                                "A GPU works on after the calls that the clocks are around: what is left of the"
                                        + " backward pass shows in the all-reduce.")
                        : "");
    }

    /** A table with a column for each phase, and one for the whole step. */
    private String phases(
            String unit, ToDoubleFunction<ClusterRow> whole, ToDoubleBiFunction<ClusterRow, Phase> part, int digits) {
        List<String> columns = new ArrayList<>(List.of("replicas"));
        Arrays.stream(Phase.values()).map(phase -> phase.label() + ", " + unit).forEach(columns::add);
        columns.add("step, " + unit);
        List<List<String>> cells = new ArrayList<>();
        for (ClusterRow row : rows) {
            List<String> line = new ArrayList<>(List.of(Integer.toString(row.replicas())));
            for (Phase phase : Phase.values()) {
                line.add(Numbers.fixed(digits, part.applyAsDouble(row, phase)));
            }
            line.add(Numbers.fixed(digits, whole.applyAsDouble(row)));
            cells.add(line);
        }
        return Html.table(columns, cells);
    }

    private boolean onGpu() {
        return ranksOfAll().anyMatch(rank -> !rank.device().equals("cpu"));
    }

    private String levels() {
        return String.join(
                ", ", ranksOfAll().map(MeasuredRank::recompute).collect(Collectors.toCollection(TreeSet::new)));
    }

    private Stream<MeasuredRank> ranksOfAll() {
        return rows.stream().flatMap(row -> row.ranks().stream());
    }

    private String allReduce() {
        List<ClusterRow> several =
                rows.stream().filter(row -> row.replicas() > 1).toList();
        if (several.isEmpty()) {
            return "";
        }
        List<List<String>> cells = new ArrayList<>();
        for (ClusterRow row : several) {
            row.sweep()
                    .forEach(point -> cells.add(List.of(
                            replicas(row),
                            ClusterTable.size(point.bytes()),
                            Numbers.fixed(3, 1e3 * point.seconds()),
                            Numbers.fixed(3, point.algorithmBandwidth() / 1e9),
                            Numbers.fixed(3, point.busBandwidth(row.replicas()) / 1e9))));
        }
        return Html.heading("All-reduce by size of the message")
                + Html.figure(
                        ClusterPlots.bandwidth(several),
                        "Bus bandwidth: 2(n − 1)/n of the message by the time, for n replicas; 1 GB/s is 10⁹ bytes a second.")
                + Html.table(List.of("replicas", "message", "median, ms", "algorithm GB/s", "bus GB/s"), cells);
    }

    private String ranks() {
        List<List<String>> cells = new ArrayList<>();
        for (ClusterRow row : rows) {
            row.ranks()
                    .forEach(rank -> cells.add(List.of(
                            replicas(row),
                            Integer.toString(rank.rank()),
                            rank.executor(),
                            rank.host().name(),
                            rank.device(),
                            Integer.toString(rank.workers()),
                            Numbers.fixed(4, rank.own().median()),
                            ClusterTable.quartiles(rank.own()),
                            Numbers.megabytes(rank.peakBytes()))));
        }
        String slowest = rows.stream()
                .filter(row -> row.replicas() > 1)
                .map(row -> "Slowest of " + replicas(row) + ": " + ClusterTable.slowest(row) + ".")
                .collect(Collectors.joining(" "));
        return Html.heading("The ranks")
                + (slowest.isEmpty() ? "" : Html.paragraph(slowest))
                + Html.figure(
                        ClusterPlots.ranks(largest),
                        "A step of each rank without the all-reduce, in which fast ranks wait for slow ones.")
                + Html.table(
                        List.of(
                                "replicas",
                                "rank",
                                "executor",
                                "host",
                                "device",
                                "workers",
                                "median step, s",
                                "quartiles",
                                "peak MB"),
                        cells);
    }

    private String setUp() {
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("network", settings.network() + ", random weights");
        asked.put("images", settings.imageSize() + "x" + settings.imageSize() + ", random, in memory, augmented");
        asked.put("batch", batch());
        asked.put("recompute level", levels());
        asked.put("steps", settings.steps() + " after " + settings.warmUp() + " of warm-up");
        asked.putAll(facts.spark());
        return Html.heading("Command and settings")
                + Html.code(facts.command())
                + Html.table(asked)
                + Html.heading("Machines")
                + Html.table(
                        List.of("host", "processor", "cores", "memory GB", "GPUs used", "system", "Java"), machines())
                + Html.heading("Versions")
                + Html.table(facts.versions());
    }

    private List<List<String>> machines() {
        Map<String, HostFacts> hosts = new TreeMap<>();
        Map<String, TreeSet<String>> gpus = new TreeMap<>();
        ranksOfAll().forEach(rank -> {
            hosts.put(rank.host().name(), rank.host());
            TreeSet<String> ofHost = gpus.computeIfAbsent(rank.host().name(), name -> new TreeSet<>());
            if (!rank.device().equals("cpu")) {
                ofHost.add(rank.device());
            }
        });
        return hosts.values().stream()
                .map(host -> {
                    Set<String> ofHost = gpus.getOrDefault(host.name(), new TreeSet<>());
                    return List.of(
                            host.name(),
                            host.cpu(),
                            Integer.toString(host.cores()),
                            Numbers.fixed(1, host.memoryBytes() / 1e9),
                            ofHost.isEmpty() ? "none" : String.join(", ", ofHost),
                            host.system(),
                            host.java());
                })
                .toList();
    }
}
