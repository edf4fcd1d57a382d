package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gathers images that come one by one, in any order, to a set whose order depends on the images alone: by their pixels, then
 * their labels and weights. Not for several threads at once.
 */
public final class ImageSetBuilder {
    private static final int CHUNK_BYTES = 1 << 24;

    private final ImageShape shape;
    private final long maxBytes;
    private final int imagesOfChunk;
    private final List<byte[]> chunks = new ArrayList<>();
    private int[] labels = new int[16];
    private float[] weights = new float[16];
    private int size;

    /**
     * An empty set.
     *
     * @param shape of every image
     * @param maxBytes of heap that the images may take
     */
    public ImageSetBuilder(ImageShape shape, long maxBytes) {
        this.shape = shape;
        this.maxBytes = maxBytes;
        imagesOfChunk = Math.max(1, CHUNK_BYTES / shape.bytes());
    }

    /**
     * Adds an image.
     *
     * @param pixels {@code [H, W, C]}, unsigned bytes; copied
     * @param weight how much it counts
     * @throws DataException if it is of another size, or there is no room for it
     */
    public void add(byte[] pixels, int label, float weight) {
        if (pixels.length != shape.bytes()) {
            throw new DataException("an image has " + pixels.length + " bytes where images of " + shape + " have "
                    + shape.bytes() + ": give all in one size");
        }
        int at = size % imagesOfChunk;
        if (at == 0) {
            long bytes = (long) (chunks.size() + 1) * imagesOfChunk * shape.bytes();
            if ((bytes > maxBytes && size > 0) || shape.bytes() > maxBytes) {
                throw new RankTooFullException(size, maxBytes);
            }
            chunks.add(new byte[imagesOfChunk * shape.bytes()]);
        }
        System.arraycopy(pixels, 0, chunks.get(chunks.size() - 1), at * shape.bytes(), pixels.length);
        if (size == labels.length) {
            labels = Arrays.copyOf(labels, 2 * size);
            weights = Arrays.copyOf(weights, 2 * size);
        }
        weights[size] = weight;
        labels[size++] = label;
    }

    /** Images so far. */
    public int size() {
        return size;
    }

    /**
     * The set; nothing can be added afterwards.
     *
     * @param firstId what augmentation knows the first image by, the others follow: distinct on all ranks
     */
    public ImageSet build(int firstId) {
        int[] places = IntStream.range(0, size)
                .boxed()
                .sorted(this::compare)
                .mapToInt(Integer::intValue)
                .toArray();
        List<int[]> labelsOfChunks = new ArrayList<>();
        for (int first = 0; first < size; first += imagesOfChunk) {
            labelsOfChunks.add(Arrays.copyOfRange(labels, first, Math.min(size, first + imagesOfChunk)));
        }
        return new ImageSet(shape, chunks, labelsOfChunks, Arrays.copyOf(weights, size), places, firstId);
    }

    private int compare(int a, int b) {
        int startA = a % imagesOfChunk * shape.bytes();
        int startB = b % imagesOfChunk * shape.bytes();
        int pixels = Arrays.compareUnsigned(
                chunks.get(a / imagesOfChunk),
                startA,
                startA + shape.bytes(),
                chunks.get(b / imagesOfChunk),
                startB,
                startB + shape.bytes());
        if (pixels != 0) {
            return pixels;
        }
        int byLabel = Integer.compare(labels[a], labels[b]);
        return byLabel != 0 ? byLabel : Float.compare(weights[a], weights[b]);
    }
}
