package io.densespark.benchmark.cluster;

import io.densespark.benchmark.report.Numbers;
import io.densespark.benchmark.report.TextTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The rows as tables for people, in plain text. */
final class ClusterTable {
    private ClusterTable() {}

    static String of(List<ClusterRow> rows) {
        StringBuilder text = new StringBuilder()
                .append(results(rows))
                .append(System.lineSeparator())
                .append(shares(rows));
        rows.stream().filter(row -> !row.sweep().isEmpty()).forEach(row -> text.append(
                        String.format(Locale.ROOT, "%nAll-reduces of %d replicas%n", row.replicas()))
                .append(sweep(row)));
        return text.toString();
    }

    private static TextTable results(List<ClusterRow> rows) {
        TextTable table = new TextTable()
                .numbers("replicas", "batch", "images/s", "efficiency", "s/step", "quartiles", "peak MB", "planned MB")
                .words("slowest rank");
        rows.forEach(row -> table.row(
                row.replicas(),
                row.globalBatch(),
                Numbers.fixed(1, row.imagesPerSecond()),
                Numbers.fixed(3, row.efficiency()),
                Numbers.fixed(4, row.step().median()),
                quartiles(row.step()),
                Numbers.megabytes(row.peakBytes()),
                Numbers.megabytes(row.plannedBytes()),
                slowest(row)));
        return table;
    }

    private static TextTable shares(List<ClusterRow> rows) {
        TextTable table = new TextTable()
                .numbers("replicas")
                .numbers(Arrays.stream(Phase.values()).map(Phase::label).toArray(String[]::new));
        for (ClusterRow row : rows) {
            List<Object> cells = new ArrayList<>(List.of(row.replicas()));
            for (Phase phase : Phase.values()) {
                cells.add(Numbers.fixed(2, 100 * row.share(phase)) + "%");
            }
            table.row(cells.toArray());
        }
        return table;
    }

    private static TextTable sweep(ClusterRow row) {
        TextTable table = new TextTable().numbers("size", "ms", "GB/s", "bus GB/s");
        row.sweep()
                .forEach(point -> table.row(
                        size(point.bytes()),
                        Numbers.fixed(3, 1e3 * point.seconds()),
                        Numbers.fixed(3, point.algorithmBandwidth() / 1e9),
                        Numbers.fixed(3, point.busBandwidth(row.replicas()) / 1e9)));
        return table;
    }

    /** What checkpoints cost, in a sentence. */
    static String cost(CheckpointCost cost) {
        Spread ratios = cost.spread();
        return String.format(
                Locale.ROOT,
                "a checkpoint of %s MB every %d steps: %.4f of the time without (median of %d blocks of steps beside"
                        + " one without; quartiles %s)",
                Numbers.megabytes(cost.bytes()),
                cost.everySteps(),
                ratios.median(),
                cost.ratios().size(),
                quartiles(ratios));
    }

    /** The middle half of some values. */
    static String quartiles(Spread seconds) {
        return Numbers.fixed(4, seconds.p25()) + "–" + Numbers.fixed(4, seconds.p75());
    }

    /** The slowest rank by name and by how much; nothing if there is only one. */
    static String slowest(ClusterRow row) {
        return row.slowest()
                .map(rank -> String.format(
                        Locale.ROOT,
                        "%s, %.1f%% above %s",
                        rank.name(),
                        100 * row.slowerBy(),
                        row.replicas() == 2 ? "the other" : "the others"))
                .orElse("");
    }

    /** A power of two in words: {@code 64 MiB}. */
    static String size(long bytes) {
        return bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    }
}
