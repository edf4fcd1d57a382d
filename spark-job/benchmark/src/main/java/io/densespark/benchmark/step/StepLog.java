package io.densespark.benchmark.step;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The steps of one process: their losses, and the times of those behind the warm-up. */
final class StepLog {
    private final StepProcess process;
    private final int warmUp;
    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();

    /** @param warmUp steps whose times don't count */
    StepLog(StepProcess process, int warmUp) {
        this.process = process;
        this.warmUp = warmUp;
    }

    /** Lets the process take a step. */
    void step() {
        JsonNode answer = process.ask("step");
        seconds.add(answer.get("seconds").asDouble());
        losses.add(answer.get("loss").asDouble());
    }

    /** The mean loss before each step, warm-up included. */
    List<Double> losses() {
        return List.copyOf(losses);
    }

    double medianSeconds() {
        return median(timed());
    }

    double meanSeconds() {
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
