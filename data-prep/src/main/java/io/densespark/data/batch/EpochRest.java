package io.densespark.data.batch;

import io.densespark.data.DataException;

/**
 * What is left of an epoch after its first global batches.
 *
 * @param whole the epoch
 * @param done global batches that come no more
 */
public record EpochRest(EpochShare whole, int done) implements EpochShare {
    /** @throws DataException if the epoch has fewer */
    public EpochRest {
        if (done < 0 || done > whole.batches()) {
            throw new DataException("an epoch of " + whole.batches() + " batches can't have " + done + " behind it");
        }
    }

    @Override
    public int batches() {
        return whole.batches() - done;
    }

    @Override
    public int globalCount(int batch) {
        return whole.globalCount(done + batch);
    }

    @Override
    public int count(int batch) {
        return whole.count(done + batch);
    }

    @Override
    public int maxCount() {
        return whole.maxCount();
    }

    @Override
    public int first(int batch) {
        return whole.first(done + batch);
    }

    @Override
    public int image(int batch, int position) {
        return whole.image(done + batch, position);
    }
}
