package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * Gathers images that come one by one, in any order, to a set whose order depends on the images alone: by a checksum of their
 * pixels, by the pixels where that is equal, then by labels and weights. Not for several threads at once.
 */
public final class ImageSetBuilder {
    private static final int CHUNK_BYTES = 1 << 22;

    private final ImageShape shape;
    private final ImageSpool spool;
    private final int imagesOfChunk;
    private final List<PixelChunk> chunks = new ArrayList<>();
    /** The chunk that is being filled. */
    private byte[] filling = new byte[0];

    private int[] labels = new int[16];
    private float[] weights = new float[16];
    private int[] checksums = new int[16];
    private int size;

    /**
     * An empty set.
     *
     * @param shape of every image
     * @param spool where the images lie, for as long as the set is used; several sets may have the same
     */
    public ImageSetBuilder(ImageShape shape, ImageSpool spool) {
        this.shape = shape;
        this.spool = spool;
        imagesOfChunk = Math.max(1, CHUNK_BYTES / shape.bytes());
    }

    /**
     * Adds an image.
     *
     * @param pixels {@code [H, W, C]}, unsigned bytes; copied
     * @param weight how much it counts
     * @throws DataException if it is of another size
     * @throws SpoolException if there is no room for it
     */
    public void add(byte[] pixels, int label, float weight) {
        if (pixels.length != shape.bytes()) {
            throw new DataException("an image has " + pixels.length + " bytes where images of " + shape + " have "
                    + shape.bytes() + ": give all in one size");
        }
        int at = size % imagesOfChunk;
        if (at == 0) {
            begin();
        }
        System.arraycopy(pixels, 0, filling, at * shape.bytes(), pixels.length);
        if (size == labels.length) {
            labels = Arrays.copyOf(labels, 2 * size);
            weights = Arrays.copyOf(weights, 2 * size);
            checksums = Arrays.copyOf(checksums, 2 * size);
        }
        CRC32C checksum = new CRC32C();
        checksum.update(pixels);
        checksums[size] = (int) checksum.getValue();
        weights[size] = weight;
        labels[size++] = label;
    }

    private void begin() {
        boolean taken = filling.length == 0 || spool.hasHeapFor(filling.length);
        keepWhatIsFilled();
        if (taken) {
            filling = new byte[imagesOfChunk * shape.bytes()];
        }
    }

    private void keepWhatIsFilled() {
        int images = size - chunks.size() * imagesOfChunk;
        if (images > 0) {
            chunks.add(spool.keep(filling, images * shape.bytes()));
        }
    }

    /** Images so far. */
    public int size() {
        return size;
    }

    /**
     * The set; nothing can be added afterwards.
     *
     * @param firstId what augmentation knows the first image by, the others follow: distinct on all ranks
     * @throws SpoolException if the last images can't be kept
     */
    public ImageSet build(int firstId) {
        keepWhatIsFilled();
        filling = new byte[0];
        byte[] spareOfA = new byte[shape.bytes()];
        byte[] spareOfB = new byte[shape.bytes()];
        int[] places = IntStream.range(0, size)
                .boxed()
                .sorted((a, b) -> compare(a, spareOfA, b, spareOfB))
                .mapToInt(Integer::intValue)
                .toArray();
        List<int[]> labelsOfChunks = new ArrayList<>();
        for (int first = 0; first < size; first += imagesOfChunk) {
            labelsOfChunks.add(Arrays.copyOfRange(labels, first, Math.min(size, first + imagesOfChunk)));
        }
        return new ImageSet(shape, chunks, labelsOfChunks, Arrays.copyOf(weights, size), places, firstId);
    }

    private int compare(int a, byte[] spareOfA, int b, byte[] spareOfB) {
        int order = Integer.compareUnsigned(checksums[a], checksums[b]);
        if (order == 0 && a != b) {
            order = comparePixels(a, spareOfA, b, spareOfB);
        }
        if (order == 0) {
            order = Integer.compare(labels[a], labels[b]);
        }
        return order != 0 ? order : Float.compare(weights[a], weights[b]);
    }

    private int comparePixels(int a, byte[] spareOfA, int b, byte[] spareOfB) {
        int startA = a % imagesOfChunk * shape.bytes();
        int startB = b % imagesOfChunk * shape.bytes();
        PixelChunk chunkA = chunks.get(a / imagesOfChunk);
        PixelChunk chunkB = chunks.get(b / imagesOfChunk);
        int offsetA = chunkA.offset(startA);
        int offsetB = chunkB.offset(startB);
        return Arrays.compareUnsigned(
                chunkA.array(startA, spareOfA),
                offsetA,
                offsetA + shape.bytes(),
                chunkB.array(startB, spareOfB),
                offsetB,
                offsetB + shape.bytes());
    }
}
