package io.densespark.data.prepare;

import java.io.Serializable;
import java.util.List;

/**
 * Which shard each image goes into: the images of a split stand in the order of hash and name, and each shard has the next
 * {@code rows} of them. Shards are numbered through all splits.
 */
final class ShardPlan implements Serializable {
    private final int rows;
    private final long[] counts;
    /** The number of the first shard of each split, and of the one after the last. */
    private final int[] firstShard;
    /** The first image of each shard, in the order of the shards. */
    private final OrderKey[] firstImages;

    /**
     * @param counts images of each split
     * @param firstImages of each shard, those of a split one after the other
     */
    ShardPlan(int rows, long[] counts, List<OrderKey> firstImages) {
        this.rows = rows;
        this.counts = counts.clone();
        this.firstImages = firstImages.toArray(OrderKey[]::new);
        firstShard = new int[counts.length + 1];
        for (int split = 0; split < counts.length; split++) {
            firstShard[split + 1] = firstShard[split] + Math.toIntExact((counts[split] + rows - 1) / rows);
        }
    }

    int shards() {
        return firstImages.length;
    }

    long count(Split split) {
        return counts[split.number()];
    }

    /** The number of the shard that an image of a split goes into. */
    int shard(Split split, long hash, String name) {
        int low = firstShard[split.number()];
        int high = firstShard[split.number() + 1] - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            OrderKey first = firstImages[middle];
            boolean isBefore = hash != first.hash() ? hash < first.hash() : name.compareTo(first.name()) < 0;
            if (isBefore) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        return low;
    }

    Split splitOf(int shard) {
        int split = 0;
        while (shard >= firstShard[split + 1]) {
            split++;
        }
        return Split.numbered(split);
    }

    /** A shard's number within its split. */
    int indexInSplit(int shard) {
        return shard - firstShard[splitOf(shard).number()];
    }

    /** Position, in its split, of a shard's first image. */
    long firstRow(int shard) {
        return (long) indexInSplit(shard) * rows;
    }
}
