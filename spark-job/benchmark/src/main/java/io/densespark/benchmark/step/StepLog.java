package io.densespark.benchmark.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The steps of one process: their losses, and the times of those behind the warm-up. */
public final class StepLog {
    private final StepProcess process;
    private final int warmUp;
    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();

    /** @param warmUp steps whose times don't count */
    public StepLog(StepProcess process, int warmUp) {
        this.process = process;
        this.warmUp = warmUp;
    }

    /** Lets the process take a step. */
    public void step() {
        StepTime time = process.step();
        seconds.add(time.seconds());
        losses.add(time.loss());
    }

    /** The mean loss before each step, warm-up included. */
    public List<Double> losses() {
        return List.copyOf(losses);
    }

    /** Of the steps behind the warm-up. */
    public double medianSeconds() {
        return median(timed());
    }

    /** Of the steps behind the warm-up. */
    public double meanSeconds() {
        return Arrays.stream(timed()).average().orElseThrow();
    }

    private double[] timed() {
        return seconds.stream().skip(warmUp).mapToDouble(Double::doubleValue).toArray();
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
