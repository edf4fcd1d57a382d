package io.densespark.data.batch;

import io.densespark.data.augment.SplitMix64;
import io.densespark.data.shard.RowGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The order of an epoch whose images are read from shards: one for all ranks, a function of seed, epoch, row groups and global
 * batch.
 *
 * <p>Row groups are permuted, with numbers keyed by (5, seed, epoch). A window takes the next of them while their images take
 * {@value #WINDOW_BYTES} bytes or less, at least one. The images of each of its n row groups are shuffled and dealt evenly
 * over the window: image j of m comes at a place drawn evenly from [j/m, (j+1)/m) of it, with numbers keyed by (6, seed,
 * epoch, window). Cut into global batches, that says which images a step learns from.
 *
 * <p>Within each batch images are then put in the order of their row groups' places in their window: the batch has the same
 * images in any order, and since it has nearly as many of one row group as of another, the slices of a rank, its images one
 * after the other, come from the same row groups in all batches of a window. So one of R ranks reads little more than n/R of
 * them, not all n.
 */
final class StreamOrder {
    /** Some thousand photographs; each executor's ranks hold about two windows together. */
    static final long WINDOW_BYTES = 128L << 20;

    private static final long GROUP_STREAM = 5;
    private static final long WINDOW_STREAM = 6;

    private final List<RowGroup> groups;
    /** Index of the first image of each row group, and of the one after the last. */
    private final int[] firstOfGroup;

    private final long windowBytes;

    StreamOrder(List<RowGroup> groups, int[] firstOfGroup, long windowBytes) {
        this.groups = groups;
        this.firstOfGroup = firstOfGroup;
        this.windowBytes = windowBytes;
    }

    /** Bytes that the images of the largest window can take. */
    long largestWindow() {
        long largest = groups.stream().mapToLong(RowGroup::bytes).max().orElse(0);
        long all = groups.stream().mapToLong(RowGroup::bytes).sum();
        return Math.min(all, Math.max(windowBytes, largest));
    }

    /** See {@link Examples#order}. */
    int[] of(long seed, int epoch, int[] images, int globalBatch) {
        int[] permuted = EpochOrder.shuffled(
                IntStream.range(0, groups.size()).toArray(), new SplitMix64(GROUP_STREAM, seed, epoch));
        int[] order = new int[images.length];
        int[] placeOfGroup = new int[groups.size()];
        int filled = 0;
        int window = 0;
        for (int[] members : windows(permuted)) {
            for (int i = 0; i < members.length; i++) {
                placeOfGroup[members[i]] = fixed(i / (double) members.length);
            }
            int[] dealt = deal(members, images, new SplitMix64(WINDOW_STREAM, seed, epoch, window++));
            System.arraycopy(dealt, 0, order, filled, dealt.length);
            filled += dealt.length;
        }
        for (int start = 0; start < order.length; start += globalBatch) {
            int[] batch = Arrays.copyOfRange(order, start, Math.min(order.length, start + globalBatch));
            int[] sorted = sorted(batch, i -> placeOfGroup[group(firstOfGroup, batch[i])]);
            System.arraycopy(sorted, 0, order, start, sorted.length);
        }
        return order;
    }

    /** The images of a window in their order. */
    private int[] deal(int[] members, int[] images, SplitMix64 random) {
        List<int[]> shuffled = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int group : members) {
            int[] ofGroup = EpochOrder.shuffled(imagesOf(group, images).toArray(), random);
            for (int j = 0; j < ofGroup.length; j++) {
                places.add(fixed((j + random.uniform(0, 1)) / ofGroup.length));
            }
            shuffled.add(ofGroup);
        }
        return sorted(shuffled.stream().flatMapToInt(Arrays::stream).toArray(), places::get);
    }

    /** A number of [0, 1) as a whole one. */
    private static int fixed(double share) {
        return (int) (share * (1L << (Integer.SIZE - 1)));
    }

    /** Sorts values by the keys of their places; those of one key stay in their order. */
    private static int[] sorted(int[] values, IntUnaryOperator keyOfPlace) {
        return IntStream.range(0, values.length)
                .mapToLong(i -> ((long) keyOfPlace.applyAsInt(i) << Integer.SIZE) | i)
                .sorted()
                .mapToInt(key -> values[(int) key])
                .toArray();
    }

    /** The row groups of each window, in the order of the permutation. */
    private List<int[]> windows(int[] permuted) {
        List<int[]> windows = new ArrayList<>();
        int start = 0;
        long bytes = 0;
        for (int i = 0; i < permuted.length; i++) {
            long more = groups.get(permuted[i]).bytes();
            if (i > start && bytes + more > windowBytes) {
                windows.add(Arrays.copyOfRange(permuted, start, i));
                start = i;
                bytes = 0;
            }
            bytes += more;
        }
        windows.add(Arrays.copyOfRange(permuted, start, permuted.length));
        return windows;
    }

    private IntStream imagesOf(int group, int[] images) {
        return Arrays.stream(images, place(images, firstOfGroup[group]), place(images, firstOfGroup[group + 1]));
    }

    /** Where the first image from {@code image} on is among ascending ones. */
    private static int place(int[] images, int image) {
        int found = Arrays.binarySearch(images, image);
        return found >= 0 ? found : -found - 1;
    }

    /** The row group that an image is in. */
    static int group(int[] firstOfGroup, int image) {
        int found = Arrays.binarySearch(firstOfGroup, image);
        return found >= 0 ? found : -found - 2;
    }
}
