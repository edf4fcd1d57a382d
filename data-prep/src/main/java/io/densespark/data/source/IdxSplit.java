package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * One split in two IDX files.
 *
 * <p>An IDX file is, with all integers big-endian: two zero bytes; one byte for the type of the values, 8 for unsigned
 * bytes; one byte for the rank; a 32-bit size for each axis; then the values, row-major, and nothing after them. Images
 * have rank 3 and the sizes N, H, W (magic number 2051, a header of 16 bytes); labels have rank 1 and the size N (magic
 * number 2049, a header of 8 bytes).
 */
final class IdxSplit {
    private static final int IMAGES_MAGIC = 0x0803;
    private static final int LABELS_MAGIC = 0x0801;
    private static final int IMAGES_HEADER = 16;
    private static final int LABELS_HEADER = 8;

    private final SourceFile images;
    private final SourceFile labelFile;
    private final ImageShape shape;
    private final byte[] labels;

    private IdxSplit(SourceFile images, SourceFile labelFile, ImageShape shape, byte[] labels) {
        this.images = images;
        this.labelFile = labelFile;
        this.shape = shape;
        this.labels = labels;
    }

    /** Reads the header of the images and all labels; what can be wrong is told at {@link IdxSource#open}. */
    static IdxSplit open(SourceFile images, SourceFile labels) {
        byte[] labelBytes = readLabels(labels);
        try (DataInputStream in = new DataInputStream(images.open())) {
            requireMagic(images, in.readInt(), IMAGES_MAGIC, "images");
            int count = in.readInt();
            ImageShape shape = new ImageShape(in.readInt(), in.readInt(), 1);
            if (count != labelBytes.length) {
                throw new DataException(images.name() + " has " + Integer.toUnsignedString(count) + " images and "
                        + labels.name() + " has " + labelBytes.length + " labels: take both from one data set");
            }
            requireLength(images, IMAGES_HEADER + (long) count * shape.bytes());
            return new IdxSplit(images, labels, shape, labelBytes);
        } catch (EOFException e) {
            throw new DataException(truncated(images), e);
        } catch (IOException e) {
            throw DataException.cannotRead(images.name(), e);
        }
    }

    private static byte[] readLabels(SourceFile file) {
        try (DataInputStream in = new DataInputStream(file.open())) {
            requireMagic(file, in.readInt(), LABELS_MAGIC, "labels");
            int count = in.readInt();
            if (count <= 0) {
                throw new DataException(file.name() + " says that it has " + Integer.toUnsignedString(count)
                        + " labels: it is empty or damaged, download it again");
            }
            requireLength(file, LABELS_HEADER + (long) count);
            // Grows as bytes come, so a damaged count can't make it allocate what the file doesn't have.
            byte[] labels = in.readNBytes(count);
            if (labels.length != count) {
                throw new DataException(truncated(file));
            }
            requireEnd(file, in.read());
            return labels;
        } catch (EOFException e) {
            throw new DataException(truncated(file), e);
        } catch (IOException e) {
            throw DataException.cannotRead(file.name(), e);
        }
    }

    private static void requireMagic(SourceFile file, int magic, int expected, String content) {
        if (magic != expected) {
            throw new DataException(file.name() + " starts with the number " + Integer.toUnsignedString(magic)
                    + " where IDX " + content + " have " + expected + ": it is another kind of file, or damaged");
        }
    }

    private static void requireLength(SourceFile file, long expected) {
        if (file.length().isPresent() && file.length().getAsLong() != expected) {
            throw new DataException(file.name() + " has " + file.length().getAsLong() + " bytes where its header says "
                    + expected + ": it is truncated or damaged, download it again");
        }
    }

    static void requireEnd(SourceFile file, int read) {
        if (read != -1) {
            throw new DataException(
                    file.name() + " has bytes after the last one its header says: it is damaged, download it again");
        }
    }

    static String truncated(SourceFile file) {
        return file.name() + " ends before the last byte its header says: it is truncated, download it again";
    }

    int count() {
        return labels.length;
    }

    /** The size of its images as stored. */
    ImageShape shape() {
        return shape;
    }

    int smallestLabel() {
        return IntStream.range(0, labels.length).map(this::label).min().orElseThrow();
    }

    int largestLabel() {
        return IntStream.range(0, labels.length).map(this::label).max().orElseThrow();
    }

    private int label(int image) {
        return labels[image] & 0xff;
    }

    private DataException wrongLabel(int image, String problem) {
        return new DataException(labelFile.name() + " has label " + label(image) + " at image " + image + problem
                + ": it is damaged or of another data set, download it again");
    }

    /** Refuses labels without a class. */
    void requireLabels(IdxClasses classes) {
        int last = classes.first() + classes.names().size() - 1;
        for (int i = 0; i < labels.length; i++) {
            if (label(i) < classes.first() || label(i) > last) {
                throw wrongLabel(i, ", not in " + classes.first() + " to " + last);
            }
        }
    }

    /** Refuses the largest label where one between {@code first} and it has no image. */
    void requireEveryLabel(int first) {
        BitSet there = new BitSet();
        IntStream.range(0, labels.length).map(this::label).forEach(there::set);
        int missing = there.nextClearBit(first);
        if (missing < there.length()) {
            int image = IntStream.range(0, labels.length)
                    .filter(i -> label(i) > missing)
                    .findFirst()
                    .orElseThrow();
            throw wrongLabel(image, ", and none has label " + missing);
        }
    }

    /**
     * Reads its images from the first.
     *
     * @param firstLabel the label of class 0
     * @param isTransposed whether rows and columns are to be exchanged
     */
    ImageReader reader(int firstLabel, boolean isTransposed) {
        return new IdxReader(images, IMAGES_HEADER, shape, isTransposed, labels, firstLabel);
    }
}
