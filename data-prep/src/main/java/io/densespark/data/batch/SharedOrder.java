package io.densespark.data.batch;

/** An epoch of images that every rank holds in full: each takes its slice of every global batch of one order. */
public final class SharedOrder implements EpochShare {
    private final int[] order;
    private final BatchSlices slices;

    /**
     * A rank's share.
     *
     * @param order indices of the images in the order of the epoch, the same on all ranks; copied
     * @param slices the size of a global batch, and which part is this rank's
     */
    public SharedOrder(int[] order, BatchSlices slices) {
        this.order = order.clone();
        this.slices = slices;
    }

    @Override
    public int batches() {
        return slices.batches(order.length);
    }

    @Override
    public int globalCount(int batch) {
        return slices.globalCount(order.length, batch);
    }

    @Override
    public int count(int batch) {
        return slices.count(order.length, batch);
    }

    @Override
    public int maxCount() {
        return Math.min(slices.maxCount(), Math.max(1, order.length));
    }

    @Override
    public int first(int batch) {
        return slices.first(order.length, batch);
    }

    @Override
    public int image(int batch, int position) {
        return order[first(batch) + position];
    }
}
