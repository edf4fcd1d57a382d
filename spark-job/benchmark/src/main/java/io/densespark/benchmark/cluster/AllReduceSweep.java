package io.densespark.benchmark.cluster;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.tensor.Allocator;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** All-reduces of growing size, as all ranks make them together. */
final class AllReduceSweep {
    static final long SMALLEST_BYTES = 1 << 10;
    static final long LARGEST_BYTES = 1 << 26;
    private static final int GROWTH = 4;
    private static final int WARM_UP = 2;
    private static final int FEWEST = 5;
    private static final int MOST = 50;

    private AllReduceSweep() {}

    /** The sizes from 1 KiB to 64 MiB; nothing for a replica that is alone. */
    static List<SweepPoint> run(Allocator allocator, ProcessGroup group) {
        List<SweepPoint> points = new ArrayList<>();
        if (group.worldSize() == 1) {
            return points;
        }
        try (Storage storage = allocator.allocate(ElementType.FLOAT, LARGEST_BYTES / Float.BYTES)) {
            for (long bytes = SMALLEST_BYTES; bytes <= LARGEST_BYTES; bytes *= GROWTH) {
                Vector message = new Vector(storage, 0, (int) (bytes / Float.BYTES));
                points.add(new SweepPoint(bytes, slowestMedian(message, group)));
            }
        }
        return points;
    }

    private static double slowestMedian(Vector message, ProcessGroup group) {
        int bytes = message.length() * Float.BYTES;
        int repeats = (int) Math.max(FEWEST, Math.min(MOST, LARGEST_BYTES / bytes));
        for (int i = 0; i < WARM_UP; i++) {
            group.sum(message);
        }
        double[] seconds = new double[repeats];
        for (int i = 0; i < repeats; i++) {
            // Nobody is to wait for a rank that comes late.
            group.sum(new double[1]);
            long start = System.nanoTime();
            group.sum(message);
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        double[] medians = new double[group.worldSize()];
        medians[group.rank()] = Spread.of(DoubleStream.of(seconds)).median();
        return DoubleStream.of(group.sum(medians)).max().orElseThrow();
    }
}
