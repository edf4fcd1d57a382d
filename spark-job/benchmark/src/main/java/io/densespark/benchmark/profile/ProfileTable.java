package io.densespark.benchmark.profile;

import io.densespark.benchmark.report.Numbers;
import io.densespark.benchmark.report.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the time of a step goes, as tables for people. Times are those of the step: what all workers ran side by side
 * counts once, so that the lines and what is left add up to the step. GF/s and GB/s are those of all workers together.
 */
public final class ProfileTable {
    private static final double SMALLEST_SHARE = 0.01;
    private static final int INDENT = 2;

    private final List<KernelTime> times;
    private final int steps;
    private final int workers;
    private final double stepSeconds;

    /**
     * @param times sums over all steps
     * @param stepSeconds mean time of a step
     */
    public ProfileTable(List<KernelTime> times, int steps, int workers, double stepSeconds) {
        this.times = List.copyOf(times);
        this.steps = steps;
        this.workers = workers;
        this.stepSeconds = stepSeconds;
    }

    /** All tables, below a line with {@code title}. */
    public String print(String title) {
        TextTable each = table();
        List<KernelTime> small = new ArrayList<>();
        times.stream()
                .sorted(Comparator.comparingDouble((KernelTime time) -> time.wallSeconds(workers))
                        .reversed())
                .forEach(time -> {
                    if (seconds(List.of(time)) < SMALLEST_SHARE * stepSeconds) {
                        small.add(time);
                    } else {
                        line(each, time.kernel(), time.part(), List.of(time));
                    }
                });
        line(each, "less than " + share(SMALLEST_SHARE * stepSeconds) + " each", "", small);
        TextTable byKernel = table();
        group(KernelTime::kernel).forEach((kernel, of) -> line(byKernel, kernel, "all", of));
        TextTable byPart = table();
        group(KernelTime::part).forEach((part, of) -> line(byPart, "all", part, of));
        return String.format(Locale.ROOT, "%n%s: %.4f s a step, %d workers%n", title, stepSeconds, workers)
                + Stream.of(each, byKernel, byPart)
                        .map(this::withRest)
                        .collect(Collectors.joining(System.lineSeparator()));
    }

    private static TextTable table() {
        return new TextTable().words("kernel", "part").numbers("calls", "ms/step", "share", "GF/s", "GB/s");
    }

    /** Seconds of a step in which no kernel ran on the average worker: waiting for others, copying, the step's own Java. */
    double outsideSeconds() {
        return stepSeconds - seconds(times);
    }

    /** Largest first. */
    private Map<String, List<KernelTime>> group(Function<KernelTime, String> by) {
        Map<String, List<KernelTime>> groups = times.stream().collect(Collectors.groupingBy(by));
        Map<String, List<KernelTime>> sorted = new LinkedHashMap<>();
        groups.entrySet().stream()
                .sorted(Comparator.comparingDouble(
                                (Map.Entry<String, List<KernelTime>> group) -> seconds(group.getValue()))
                        .reversed())
                .forEach(group -> sorted.put(group.getKey(), group.getValue()));
        return sorted;
    }

    private double seconds(List<KernelTime> of) {
        return of.stream().mapToDouble(time -> time.wallSeconds(workers)).sum() / steps;
    }

    private void line(TextTable table, String kernel, String part, List<KernelTime> of) {
        double seconds = seconds(of);
        table.row(
                kernel,
                part,
                of.stream().mapToLong(KernelTime::calls).sum() / steps,
                milliseconds(seconds),
                share(seconds),
                rate(of.stream().mapToLong(KernelTime::flops).sum(), seconds),
                rate(of.stream().mapToLong(KernelTime::bytes).sum(), seconds));
    }

    private String withRest(TextTable table) {
        double outside = outsideSeconds();
        return table.row("outside kernels", "", "", milliseconds(outside), share(outside), "", "")
                .toString()
                .indent(INDENT);
    }

    private static String milliseconds(double seconds) {
        return Numbers.fixed(2, seconds * 1e3);
    }

    private String share(double seconds) {
        return Numbers.fixed(1, 100 * seconds / stepSeconds) + "%";
    }

    private String rate(long count, double seconds) {
        return count == 0 ? "" : Numbers.fixed(1, count / (seconds * steps) / 1e9);
    }
}
