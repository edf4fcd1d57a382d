package io.densespark.data.batch;

import io.densespark.data.DataException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * An epoch of images of which each rank holds some, and nobody all. There are as many global batches as the fullest rank
 * needs for its own where none takes more of a batch than its share of a full one; every rank spreads its images evenly over
 * them: of n images, batch b of B has {@code [n*b/B, n*(b+1)/B)}. So all ranks end with the same batch, each image comes
 * once, and a global batch has at most as many images as asked for.
 */
public final class DistributedOrder implements EpochShare {
    private final int[] order;
    private final int[] counts;
    private final int rank;
    private final int batches;

    /**
     * A rank's share.
     *
     * @param order indices of this rank's images in the order of the epoch; copied
     * @param counts images of each rank; copied
     * @param rank this rank
     * @param globalBatch images in a global batch, at least one for each rank
     * @throws DataException if the batch has fewer
     */
    public DistributedOrder(int[] order, int[] counts, int rank, int globalBatch) {
        if (counts[rank] != order.length) {
            throw new IllegalArgumentException(
                    "rank " + rank + " has " + counts[rank] + " images, not " + order.length);
        }
        if (globalBatch < counts.length) {
            throw new DataException("batch " + globalBatch + " has no image for some of " + counts.length
                    + " ranks: give one for each at least");
        }
        this.order = order.clone();
        this.counts = counts.clone();
        this.rank = rank;
        batches = IntStream.range(0, counts.length)
                .map(r -> divideUp(counts[r], part(globalBatch, r + 1) - part(globalBatch, r)))
                .max()
                .orElse(0);
    }

    private int part(int globalBatch, int ranks) {
        return (int) ((long) globalBatch * ranks / counts.length);
    }

    private static int divideUp(int number, int by) {
        return (int) (((long) number + by - 1) / by);
    }

    @Override
    public int batches() {
        return batches;
    }

    @Override
    public int globalCount(int batch) {
        return Arrays.stream(counts).map(count -> countOf(count, batch)).sum();
    }

    @Override
    public int count(int batch) {
        return countOf(order.length, batch);
    }

    @Override
    public int maxCount() {
        return Math.max(1, batches == 0 ? 0 : divideUp(order.length, batches));
    }

    /** The fewest images that any rank with images has in a batch. */
    public int leastCount() {
        return Arrays.stream(counts)
                .filter(count -> count > 0)
                .map(count -> count / batches)
                .min()
                .orElse(0);
    }

    @Override
    public int first(int batch) {
        int before = Arrays.stream(counts).map(count -> begin(count, batch)).sum();
        return before
                + IntStream.range(0, rank).map(r -> countOf(counts[r], batch)).sum();
    }

    @Override
    public int image(int batch, int position) {
        return order[begin(order.length, batch) + position];
    }

    private int countOf(int count, int batch) {
        return begin(count, batch + 1) - begin(count, batch);
    }

    private int begin(int count, int batch) {
        return (int) ((long) count * batch / batches);
    }
}
