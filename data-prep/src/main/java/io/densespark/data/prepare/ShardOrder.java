package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.records.ImageRecord;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Finds the shards' bounds. Names and splits are sorted by hash, in partitions that each have a range of hashes; a first look
 * counts the images of each split in each partition, a second one picks every image that a shard begins with. Bounds, not
 * images, come to the driver.
 */
final class ShardOrder {
    private static final long NAMES_PER_PARTITION = 200_000;
    private static final int SPLITS = Split.values().length;

    private ShardOrder() {}

    /**
     * @param records all of them good
     * @param total about how many there are
     * @throws DataException if two have one name
     */
    static ShardPlan of(JavaRDD<ImageRecord> records, SplitRule splits, long seed, int rows, long total) {
        int partitions = (int) Math.max(1, Math.min(10_000, total / NAMES_PER_PARTITION));
        JavaPairRDD<OrderKey, Integer> sorted = records.mapToPair(record -> {
                    long hash = KeyHash.ORDER.of(seed, record.key());
                    OrderKey key = new OrderKey(partition(hash, partitions), hash, record.key());
                    return new Tuple2<>(key, splits.split(record).number());
                })
                .repartitionAndSortWithinPartitions(new OrderPartitioner(partitions));
        List<long[]> counts =
                sorted.mapPartitionsWithIndex(ShardOrder::count, false).collect();
        long[] totals = new long[SPLITS];
        long[][] before = new long[partitions][];
        counts.stream().sorted(Comparator.comparingLong(count -> count[SPLITS])).forEach(count -> {
            before[(int) count[SPLITS]] = totals.clone();
            for (int split = 0; split < SPLITS; split++) {
                totals[split] += count[split];
            }
        });
        List<FirstImage> first = new ArrayList<>(
                sorted.mapPartitionsWithIndex((partition, names) -> firstImages(before[partition], names, rows), false)
                        .collect());
        first.sort(Comparator.comparingInt((FirstImage image) -> image.split).thenComparing(image -> image.key));
        return new ShardPlan(
                rows, totals, first.stream().map(image -> image.key).toList());
    }

    /** The partition of a hash of 63 bits: ranges of one size, in order. */
    private static int partition(long hash, int partitions) {
        return (int) (((hash >>> 32) * partitions) >>> 31);
    }

    /** The images of each split in a partition, and its number. */
    private static Iterator<long[]> count(int partition, Iterator<Tuple2<OrderKey, Integer>> names) {
        long[] counts = new long[SPLITS + 1];
        counts[SPLITS] = partition;
        String last = "";
        long lastHash = -1;
        while (names.hasNext()) {
            Tuple2<OrderKey, Integer> name = names.next();
            if (name._1().hash() == lastHash && name._1().name().equals(last)) {
                throw new DataException("image " + last + " is there twice: keep one record for each image");
            }
            last = name._1().name();
            lastHash = name._1().hash();
            counts[name._2()]++;
        }
        return List.of(counts).iterator();
    }

    /** The first image of a shard. */
    private static final class FirstImage implements Serializable {
        private final int split;
        private final OrderKey key;

        FirstImage(int split, OrderKey key) {
            this.split = split;
            this.key = key;
        }
    }

    private static Iterator<FirstImage> firstImages(
            long[] before, Iterator<Tuple2<OrderKey, Integer>> names, int rows) {
        long[] next = before.clone();
        List<FirstImage> found = new ArrayList<>();
        while (names.hasNext()) {
            Tuple2<OrderKey, Integer> name = names.next();
            int split = name._2();
            if (next[split]++ % rows == 0) {
                found.add(new FirstImage(split, name._1()));
            }
        }
        return found.iterator();
    }
}
