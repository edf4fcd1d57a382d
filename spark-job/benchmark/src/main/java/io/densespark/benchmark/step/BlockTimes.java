package io.densespark.benchmark.step;

import java.util.List;

/**
 * The time of a step in several processes.
 *
 * @param medianSeconds the median of their medians
 * @param fastestSeconds the least of their medians
 * @param slowestSeconds the largest
 * @param isSettled whether each had settled before it was timed
 */
public record BlockTimes(double medianSeconds, double fastestSeconds, double slowestSeconds, boolean isSettled) {
    /**
     * Of several blocks.
     *
     * @param blocks at least one
     */
    public static BlockTimes of(List<StepBlock> blocks) {
        List<Double> medians =
                blocks.stream().map(StepBlock::medianSeconds).sorted().toList();
        return new BlockTimes(
                median(medians),
                medians.get(0),
                medians.get(medians.size() - 1),
                blocks.stream().allMatch(StepBlock::isSettled));
    }

    /** A line that names what was timed too early; nothing if there is none. */
    public static String unsettled(List<String> names) {
        return names.isEmpty()
                ? ""
                : "timed before the time of its steps had settled: " + String.join(", ", names)
                        + System.lineSeparator();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
