package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import io.densespark.data.shard.DecodedShard;
import io.densespark.data.shard.ShardReader;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A split in memory: images {@code [N, H, W, C]} as unsigned bytes or pairs of them, and their labels {@code [N]}.
 *
 * <p>Pixels lie in one array per shard, so that a split may be larger than the 2 GB an array can be; those of a set that was
 * {@linkplain ImageSetBuilder gathered} may lie in a file. Immutable once built; for any number of threads.
 */
public final class ImageSet implements Examples {
    /** Rough cost of what is decoded beside the pixels: the label. */
    private static final int LABEL_BYTES = Integer.BYTES;

    private final ImageShape shape;
    private final PixelChunk[] chunks;
    /** Index of the first image of each chunk, and of the one after the last: chunks + 1 entries. */
    private final int[] firstOfChunk;

    private final int[] labels;
    /** Where each image is in the order of the chunks; empty where that is its index. */
    private final int[] places;

    private final int firstId;
    /** How much each image counts, in the order of the chunks; empty where all are 1. */
    private final float[] weights;

    ImageSet(ImageShape shape, List<byte[]> chunks, List<int[]> labelsOfChunks) {
        this(shape, chunks.stream().map(PixelChunk::of).toList(), labelsOfChunks, new float[0], new int[0], 0);
    }

    ImageSet(
            ImageShape shape,
            List<PixelChunk> chunks,
            List<int[]> labelsOfChunks,
            float[] weights,
            int[] places,
            int firstId) {
        this.weights = weights;
        this.places = places;
        this.firstId = firstId;
        this.shape = shape;
        this.chunks = chunks.toArray(PixelChunk[]::new);
        this.firstOfChunk = new int[this.chunks.length + 1];
        for (int i = 0; i < this.chunks.length; i++) {
            firstOfChunk[i + 1] = Math.addExact(firstOfChunk[i], labelsOfChunks.get(i).length);
        }
        this.labels = new int[firstOfChunk[this.chunks.length]];
        for (int i = 0; i < this.chunks.length; i++) {
            int[] part = labelsOfChunks.get(i);
            System.arraycopy(part, 0, labels, firstOfChunk[i], part.length);
        }
    }

    /**
     * Loads a split on a few threads of its own, in the order of its shards.
     *
     * @param folder the data set's folder
     * @param maxBytes bytes of heap that the decoded split may take
     * @throws DataException if it would take more, the data set has other labels than one class an image, or a shard is
     *     missing or damaged
     * @throws InterruptedException if this thread was interrupted; the loading threads are told to stop
     */
    public static ImageSet load(
            DatasetDescription description, Path folder, Configuration conf, String split, long maxBytes)
            throws InterruptedException {
        description.requirePlainLabels();
        requireMemory(description, split, maxBytes);
        ShardReader reader = new ShardReader(conf, folder, description);
        List<DecodedShard> shards = ShardLoading.load(description.shards(split), reader::read);
        return new ImageSet(
                description.shape(),
                shards.stream().map(DecodedShard::pixels).toList(),
                shards.stream().map(DecodedShard::labels).toList());
    }

    /**
     * A set from arrays, which are copied: for benchmarks and tests.
     *
     * @param pixels {@code [N, H, W, C]}, an unsigned byte for each value, or two
     * @param labels {@code [N]}
     * @throws DataException if the arrays disagree on the number of images
     */
    public static ImageSet of(ImageShape shape, byte[] pixels, int[] labels) {
        if (pixels.length != (long) labels.length * shape.bytes()) {
            throw new DataException(labels.length + " labels and " + pixels.length + " bytes are not images of " + shape
                    + ": give " + shape.bytes() + " bytes for each label");
        }
        return new ImageSet(shape, List.of(pixels.clone()), List.of(labels.clone()));
    }

    /** Bytes of heap that a split takes once decoded. */
    public static long bytes(DatasetDescription description, String split) {
        return description.count(split) * (description.shape().bytes() + LABEL_BYTES);
    }

    private static void requireMemory(DatasetDescription description, String split, long maxBytes) {
        long images = description.shards(split).stream().mapToLong(Shard::rows).sum();
        if (images > Integer.MAX_VALUE - 8) {
            throw new DataException("split " + split + " of " + description.name() + " has " + images
                    + " images: at most " + (Integer.MAX_VALUE - 8) + " can be held in memory");
        }
        long needed = bytes(description, split);
        if (needed > maxBytes) {
            throw new SplitTooLargeException(split, description.name(), needed, maxBytes);
        }
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    /** {@inheritDoc} See {@link TrainValidationSplit}. */
    @Override
    public TrainValidationSplit split(int validSize, long seed) {
        return TrainValidationSplit.of(size(), validSize, seed);
    }

    /** {@inheritDoc} See {@link EpochOrder}. */
    @Override
    public int[] order(long seed, int epoch, int[] images, int globalBatch) {
        return EpochOrder.permutation(seed, epoch, images);
    }

    @Override
    public BatchLoader load(EpochShare share, ImageTransform transform, int prefetch, int threads) {
        return new BatchLoader(this, share, transform, prefetch);
    }

    public int height() {
        return shape.height();
    }

    public int width() {
        return shape.width();
    }

    public int channels() {
        return shape.channels();
    }

    /** The label of image {@code index}. */
    public int label(int index) {
        return labels[place(index)];
    }

    /** How much image {@code index} counts; 1 where nothing else is said. */
    float weight(int index) {
        return weights.length == 0 ? 1 : weights[place(index)];
    }

    /** What augmentation knows image {@code index} by. */
    int id(int index) {
        return firstId + index;
    }

    /**
     * The array that image {@code index} lies in from {@link #offset} on: not to be written, or {@code spare}, filled with it.
     *
     * @param spare as long as an image
     */
    byte[] pixels(int index, byte[] spare) {
        int place = place(index);
        int chunk = chunk(place);
        return chunks[chunk].array(start(place, chunk), spare);
    }

    /** Where image {@code index} starts in {@link #pixels}: its {@code [H, W, C]} bytes follow. */
    int offset(int index) {
        int place = place(index);
        int chunk = chunk(place);
        return chunks[chunk].offset(start(place, chunk));
    }

    private int start(int place, int chunk) {
        return (place - firstOfChunk[chunk]) * shape.bytes();
    }

    private int place(int index) {
        return places.length == 0 ? index : places[index];
    }

    private int chunk(int place) {
        int found = Arrays.binarySearch(firstOfChunk, place);
        return found >= 0 ? found : -found - 2;
    }
}
