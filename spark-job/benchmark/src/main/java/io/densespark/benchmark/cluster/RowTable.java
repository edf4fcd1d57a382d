package io.densespark.benchmark.cluster;

import java.util.List;
import java.util.Locale;

/** The rows as tables for people, in plain text. */
final class RowTable {
    private RowTable() {}

    static String of(List<ClusterRow> rows) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%8s %6s %9s %10s %8s %17s %8s %10s  %s%n",
                "replicas",
                "batch",
                "images/s",
                "efficiency",
                "s/step",
                "quartiles",
                "peak MB",
                "planned MB",
                "slowest rank"));
        rows.forEach(row -> text.append(String.format(
                                Locale.ROOT,
                                "%8d %6d %9.1f %10.3f %8.4f %8.4f–%-8.4f %8.1f %10.1f  %s",
                                row.replicas(),
                                row.globalBatch(),
                                row.imagesPerSecond(),
                                row.efficiency(),
                                row.step().median(),
                                row.step().p25(),
                                row.step().p75(),
                                row.peakBytes() / 1e6,
                                row.plannedBytes() / 1e6,
                                slowest(row))
                        .stripTrailing()
                + System.lineSeparator()));
        text.append(System.lineSeparator()).append(String.format(Locale.ROOT, "%8s", "replicas"));
        for (Phase phase : Phase.values()) {
            text.append(String.format(Locale.ROOT, "%11s", phase.label()));
        }
        rows.forEach(row -> {
            text.append(String.format(Locale.ROOT, "%n%8d", row.replicas()));
            for (Phase phase : Phase.values()) {
                text.append(String.format(Locale.ROOT, "%10.2f%%", 100 * row.share(phase)));
            }
        });
        text.append(System.lineSeparator());
        rows.stream().filter(row -> !row.sweep().isEmpty()).forEach(row -> sweep(row, text));
        return text.toString();
    }

    private static void sweep(ClusterRow row, StringBuilder text) {
        text.append(String.format(
                Locale.ROOT,
                "%nAll-reduces of %d replicas%n%9s %10s %9s %9s%n",
                row.replicas(),
                "size",
                "ms",
                "GB/s",
                "bus GB/s"));
        row.sweep()
                .forEach(point -> text.append(String.format(
                        Locale.ROOT,
                        "%9s %10.3f %9.3f %9.3f%n",
                        size(point.bytes()),
                        1e3 * point.seconds(),
                        point.algorithmBandwidth() / 1e9,
                        point.busBandwidth(row.replicas()) / 1e9)));
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
