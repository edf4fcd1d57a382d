package io.densespark.benchmark.step;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where the time of a step goes, as tables for people. Times are those of the step: what all workers ran side by side
 * counts once, so that the lines and what is left add up to the step. GF/s and GB/s are those of all workers together.
 */
final class ProfileTable {
    private static final double SMALLEST_SHARE = 0.01;
    private static final String LINE = "  %-28s %-9s %7s %10s %7s %8s %8s%n";

    private final List<KernelTime> times;
    private final int steps;
    private final int workers;
    private final double stepSeconds;

    /**
     * @param times sums over all steps
     * @param stepSeconds mean time of a step
     */
    ProfileTable(List<KernelTime> times, int steps, int workers, double stepSeconds) {
        this.times = List.copyOf(times);
        this.steps = steps;
        this.workers = workers;
        this.stepSeconds = stepSeconds;
    }

    String print(String title) {
        StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, "%n%s: %.4f s a step, %d workers%n", title, stepSeconds, workers));
        out.append(String.format(Locale.ROOT, LINE, "kernel", "part", "calls", "ms/step", "share", "GF/s", "GB/s"));
        List<KernelTime> small = new ArrayList<>();
        times.stream()
                .sorted(Comparator.comparingDouble((KernelTime time) -> time.wallSeconds(workers))
                        .reversed())
                .forEach(time -> {
                    if (seconds(List.of(time)) < SMALLEST_SHARE * stepSeconds) {
                        small.add(time);
                    } else {
                        line(out, time.kernel(), time.part(), List.of(time));
                    }
                });
        line(out, "less than " + share(SMALLEST_SHARE * stepSeconds) + " each", "", small);
        rest(out);
        out.append(String.format(Locale.ROOT, "  by kernel%n"));
        group(KernelTime::kernel).forEach((kernel, of) -> line(out, kernel, "all", of));
        out.append(String.format(Locale.ROOT, "  by part of the network%n"));
        group(KernelTime::part).forEach((part, of) -> line(out, "all", part, of));
        rest(out);
        return out.toString();
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

    private void line(StringBuilder out, String kernel, String part, List<KernelTime> of) {
        double seconds = seconds(of);
        out.append(String.format(
                Locale.ROOT,
                LINE,
                kernel,
                part,
                of.stream().mapToLong(KernelTime::calls).sum() / steps,
                milliseconds(seconds),
                share(seconds),
                rate(of.stream().mapToLong(KernelTime::flops).sum(), seconds),
                rate(of.stream().mapToLong(KernelTime::bytes).sum(), seconds)));
    }

    private void rest(StringBuilder out) {
        double outside = outsideSeconds();
        out.append(String.format(
                Locale.ROOT, LINE, "outside kernels", "", "", milliseconds(outside), share(outside), "", ""));
    }

    private static String milliseconds(double seconds) {
        return String.format(Locale.ROOT, "%.2f", seconds * 1e3);
    }

    private String share(double seconds) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * seconds / stepSeconds);
    }

    private String rate(long count, double seconds) {
        return count == 0 ? "" : String.format(Locale.ROOT, "%.1f", count / (seconds * steps) / 1e9);
    }
}
