package io.densespark.benchmark.step;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps of one process: as many as it takes for their time to settle, and then a block that counts. Libraries want some
 * until their allocators, threads and compilers have found what suits them.
 *
 * @param losses the mean loss before each step, warm-up included
 * @param seconds of the steps of the block
 * @param isSettled whether the time of the steps before had settled
 * @param memory what the process has taken in the end
 */
public record StepBlock(List<Double> losses, List<Double> seconds, boolean isSettled, StepMemory memory) {
    /** Steps whose median is compared with that of as many before them. */
    private static final int WINDOW = 5;

    /** How far the two may differ, relative to the later one. */
    private static final double SETTLED = 0.03;

    /** The most steps of warm-up, in multiples of the fewest. */
    private static final int MOST = 10;

    public StepBlock {
        losses = List.copyOf(losses);
        seconds = List.copyOf(seconds);
    }

    /**
     * Lets a process take its steps.
     *
     * @param warmUp the fewest before the block; 0 for none, whether settled or not
     * @param steps of the block
     * @param beforeBlock is run once, between the two
     */
    public static StepBlock take(StepProcess process, int warmUp, int steps, Runnable beforeBlock) {
        List<Double> losses = new ArrayList<>();
        List<Double> before = new ArrayList<>();
        while (before.size() < warmUp || (!hasSettled(before) && before.size() < MOST * warmUp)) {
            step(process, losses, before);
        }
        beforeBlock.run();
        List<Double> seconds = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            step(process, losses, seconds);
        }
        return new StepBlock(losses, seconds, hasSettled(before), process.memory());
    }

    private static void step(StepProcess process, List<Double> losses, List<Double> seconds) {
        StepTime time = process.step();
        losses.add(time.loss());
        seconds.add(time.seconds());
    }

    /** Whether the last few steps took as long as the few before them. */
    static boolean hasSettled(List<Double> seconds) {
        int count = seconds.size();
        if (count < 2 * WINDOW) {
            return false;
        }
        double last = BlockTimes.median(seconds.subList(count - WINDOW, count));
        double before = BlockTimes.median(seconds.subList(count - 2 * WINDOW, count - WINDOW));
        return Math.abs(last - before) < SETTLED * last;
    }

    double medianSeconds() {
        return BlockTimes.median(seconds);
    }

    /** Of the block's steps. */
    public double meanSeconds() {
        return seconds.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
