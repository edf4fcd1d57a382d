package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import io.densespark.data.augment.SplitMix64;
import io.densespark.data.shard.EncodedImage;
import io.densespark.data.shard.RowGroup;
import io.densespark.data.shard.RowGroupReader;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A split of encoded images that stays in its shards: batches are read, decoded and brought to the data set's size as they are
 * needed. What is in memory is one footer's list of row groups a shard, and what {@link EncodedStream} holds of each loader.
 */
public final class StreamedImages implements Examples {
    private static final long SPLIT_STREAM = 7;

    private final DatasetDescription description;
    private final String split;
    private final RowGroupReader reader;
    private final List<RowGroup> groups;
    /** Index of the first image of each row group, and of the one after the last. */
    private final int[] firstOfGroup;

    private final StreamOrder order;

    private StreamedImages(
            DatasetDescription description,
            String split,
            RowGroupReader reader,
            List<RowGroup> groups,
            long windowBytes) {
        this.description = description;
        this.split = split;
        this.reader = reader;
        this.groups = List.copyOf(groups);
        firstOfGroup = new int[groups.size() + 1];
        for (int i = 0; i < groups.size(); i++) {
            firstOfGroup[i + 1] = Math.addExact(firstOfGroup[i], groups.get(i).rows());
        }
        order = new StreamOrder(this.groups, firstOfGroup, windowBytes);
    }

    /**
     * Looks at the footers of all shards of a split, on a few threads of its own.
     *
     * @param description of encoded images
     * @param folder the data set's folder
     * @param maxBytes bytes of heap that the process may take for encoded images
     * @throws DataException if the windows that the images are shuffled in would take more, the data set has other labels than
     *     one class an image, or a shard is missing, or its footer is damaged
     * @throws InterruptedException if this thread was interrupted; the reading threads are told to stop
     */
    public static StreamedImages open(
            DatasetDescription description, Path folder, Configuration conf, String split, long maxBytes)
            throws InterruptedException {
        return open(description, folder, conf, split, maxBytes, StreamOrder.WINDOW_BYTES);
    }

    static StreamedImages open(
            DatasetDescription description,
            Path folder,
            Configuration conf,
            String split,
            long maxBytes,
            long windowBytes)
            throws InterruptedException {
        description.requirePlainLabels();
        RowGroupReader reader = new RowGroupReader(conf, folder, description);
        List<RowGroup> groups = new ArrayList<>();
        ShardLoading.load(description.shards(split), reader::list).forEach(groups::addAll);
        StreamedImages images = new StreamedImages(description, split, reader, groups, windowBytes);
        // One that is learnt from, and the next that is being read.
        long needed = 2 * images.order.largestWindow();
        if (needed > maxBytes) {
            throw SplitTooLargeException.ofWindows(split, description.name(), needed, maxBytes);
        }
        return images;
    }

    @Override
    public int size() {
        return firstOfGroup[groups.size()];
    }

    @Override
    public ImageShape shape() {
        return description.shape();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Kept for validation are whole row groups, so that neither training nor validation reads what the other learns from:
     * the last of a permutation keyed by (7, seed), of the first of them its last images only. Preparation has put images into
     * row groups at random.
     */
    @Override
    public TrainValidationSplit split(int validSize, long seed) {
        TrainValidationSplit.requireSize(size(), validSize);
        int[] permuted =
                EpochOrder.shuffled(IntStream.range(0, groups.size()).toArray(), new SplitMix64(SPLIT_STREAM, seed));
        BitSet validation = new BitSet(size());
        int left = validSize;
        for (int i = permuted.length - 1; left > 0; i--) {
            int end = firstOfGroup[permuted[i] + 1];
            int taken = Math.min(left, groups.get(permuted[i]).rows());
            validation.set(end - taken, end);
            left -= taken;
        }
        return TrainValidationSplit.of(size(), validation);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Row groups are permuted, and images shuffled within windows of them, see {@link StreamOrder}.
     */
    @Override
    public int[] order(long seed, int epoch, int[] images, int globalBatch) {
        return order.of(seed, epoch, images, globalBatch);
    }

    @Override
    public BatchLoader load(EpochShare share, ImageTransform transform, int prefetch, int threads) {
        return new BatchLoader(shape(), transform, share, prefetch, () -> new StreamFiller(this, share, threads));
    }

    int group(int image) {
        return StreamOrder.group(firstOfGroup, image);
    }

    int groups() {
        return groups.size();
    }

    RowGroup rowGroup(int group) {
        return groups.get(group);
    }

    int firstOf(int group) {
        return firstOfGroup[group];
    }

    /** Images of a row group, see {@link RowGroupReader#read}. */
    List<EncodedImage> read(int group, IntPredicate wantedRows) {
        return reader.read(groups.get(group), wantedRows);
    }

    /** What to call an image in an error. */
    String name(int image) {
        Shard shard = groups.get(group(image)).shard();
        return "image " + image + " of split " + split + " of " + description.name() + ", in shard " + shard.file();
    }
}
