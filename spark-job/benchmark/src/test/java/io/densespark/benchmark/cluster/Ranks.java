package io.densespark.benchmark.cluster;

import java.util.List;
import java.util.stream.DoubleStream;

/** Ranks with made-up times. */
final class Ranks {
    private static final HostFacts HOST = new HostFacts("node<1>", "Some & CPU", 8, 16_000_000_000L, "Linux", "17");

    private Ranks() {}

    /** A step that passes forward for a quarter of its own time, recomputes for an eighth, and so on. */
    static StepTimes step(double own, double allReduce) {
        return new StepTimes(own / 4, own / 8, own / 2, allReduce, own / 16, own / 32, own / 32);
    }

    /** A rank whose steps take {@code own} seconds without the all-reduce, and one second with it. */
    static MeasuredRank rank(int rank, long peakBytes, double... own) {
        return new MeasuredRank(
                rank,
                Integer.toString(rank + 10),
                HOST,
                "cpu",
                1,
                "activations",
                1_000_000,
                peakBytes,
                DoubleStream.of(own)
                        .mapToObj(seconds -> step(seconds, 1 - seconds))
                        .toList(),
                DoubleStream.of(own)
                        .mapToObj(seconds -> step(seconds, 1.25 - seconds))
                        .toList(),
                rank == 0 ? 5_000_000 : 0,
                List.of(new SweepPoint(1024, 1e-4), new SweepPoint(1 << 20, 1e-3)));
    }

    /** A rank that is alone: no all-reduce. */
    static MeasuredRank alone(double... own) {
        return new MeasuredRank(
                0,
                "10",
                HOST,
                "cpu",
                1,
                "activations",
                1_000_000,
                2_000_000,
                DoubleStream.of(own).mapToObj(seconds -> step(seconds, 0)).toList(),
                DoubleStream.of(own).mapToObj(seconds -> step(1.5 * seconds, 0)).toList(),
                5_000_000,
                List.of());
    }
}
