package io.densespark.benchmark.cluster;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What checkpoints cost, as blocks of steps show it that begin with one, each beside a block of as many steps without.
 *
 * @param everySteps steps of a block
 * @param bytes of one checkpoint
 * @param ratios time of a block with a checkpoint by that of its neighbour without, in the order in which they were measured
 */
record CheckpointCost(int everySteps, long bytes, List<Double> ratios) {
    CheckpointCost {
        ratios = List.copyOf(ratios);
    }

    /**
     * The cost over all ranks.
     *
     * @param plain seconds of the steps without checkpoints, each the mean over the ranks
     * @param checkpointed of the same number of steps in blocks that begin with a checkpoint
     */
    static CheckpointCost of(int everySteps, long bytes, double[] plain, double[] checkpointed) {
        return new CheckpointCost(
                everySteps,
                bytes,
                IntStream.range(0, plain.length / everySteps)
                        .mapToObj(block -> sum(checkpointed, block, everySteps) / sum(plain, block, everySteps))
                        .toList());
    }

    private static double sum(double[] seconds, int block, int steps) {
        return IntStream.range(block * steps, (block + 1) * steps)
                .mapToDouble(step -> seconds[step])
                .sum();
    }

    /** Of the ratios. */
    Spread spread() {
        return Spread.of(ratios.stream().mapToDouble(ratio -> ratio));
    }
}
