package io.densespark.data.batch;

import io.densespark.data.DataException;

/**
 * Which part of every global batch is a rank's.
 *
 * <p>Of n examples, global batch b holds {@code [b*G, min(n, (b+1)*G))}; of a batch of m examples, rank r of R takes
 * {@code [m*r/R, m*(r+1)/R)}. Shares differ by at most one, and are empty where a last, short batch has fewer examples
 * than there are ranks. With a {@code least} above 1, only the first {@code m / least} ranks take a share of a batch that
 * is too small for all, so that no share has fewer than that, unless the batch itself has.
 *
 * <p>Making one throws {@link DataException} if one is out of range.
 *
 * @param globalBatch examples in a global batch, G, at least 1
 * @param rank this rank, from 0
 * @param worldSize number of ranks, R, at least 1
 * @param least examples of a share that isn't empty, at least 1: two where a single one has no batch statistics
 */
public record BatchSlices(int globalBatch, int rank, int worldSize, int least) {
    /** Shares of any size. */
    public BatchSlices(int globalBatch, int rank, int worldSize) {
        this(globalBatch, rank, worldSize, 1);
    }

    public BatchSlices {
        if (globalBatch < 1) {
            throw new DataException(
                    "batch " + globalBatch + " is below 1: give the number of examples in a global batch");
        }
        if (worldSize < 1 || rank < 0 || rank >= worldSize) {
            throw new DataException("rank " + rank + " is not in 0 to " + (worldSize - 1) + ", for a world size of "
                    + worldSize + ": give a positive world size and a rank below it");
        }
        if (least < 1) {
            throw new DataException("least share " + least + " is below 1: give the examples that a share must have");
        }
    }

    /** Number of global batches that {@code examples} make. */
    public int batches(int examples) {
        return (int) (((long) examples + globalBatch - 1) / globalBatch);
    }

    /** Examples in global batch {@code batch}, over all ranks. */
    public int globalCount(int examples, int batch) {
        return (int) Math.min(globalBatch, examples - (long) batch * globalBatch);
    }

    /** Position of this rank's first example of global batch {@code batch} in the order of the epoch. */
    public int first(int examples, int batch) {
        return Math.toIntExact((long) batch * globalBatch + share(globalCount(examples, batch), rank));
    }

    /** This rank's number of examples in global batch {@code batch}. */
    public int count(int examples, int batch) {
        int globalCount = globalCount(examples, batch);
        return share(globalCount, rank + 1) - share(globalCount, rank);
    }

    /** The most examples that this rank has in any batch. */
    public int maxCount() {
        int even = (int) (((long) globalBatch + worldSize - 1) / worldSize);
        // A short batch's share has less than twice the least.
        return least == 1 ? even : Math.max(even, Math.min(globalBatch, 2 * least - 1));
    }

    private int share(int globalCount, int ranks) {
        int sharers =
                globalCount >= (long) least * worldSize || least == 1 ? worldSize : Math.max(1, globalCount / least);
        return (int) ((long) globalCount * Math.min(ranks, sharers) / sharers);
    }
}
