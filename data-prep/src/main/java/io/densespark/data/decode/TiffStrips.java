package io.densespark.data.decode;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The strips, or tiles, of a TIFF file's first image: whether the file has all of them, and each as much as it must hold.
 * The library makes up for what a compressed strip lacks, so these are unpacked here first, for their length only.
 */
final class TiffStrips {
    private static final int COMPRESSION = 259;
    private static final int STRIP_OFFSETS = 273;
    private static final int STRIP_ROWS = 278;
    private static final int STRIP_BYTES = 279;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTES = 325;

    private static final int NONE = 1;
    private static final int LZW = 5;
    private static final int DEFLATE = 8;
    private static final int OLD_DEFLATE = 32946;
    private static final int PACK_BITS = 32773;

    /** Tiles may be larger than a small image, within reason. */
    private static final long MAX_PIXELS_BEYOND_IMAGE = 1 << 22;

    private final FileBytes file;
    private final TiffDirectory directory;
    private final ImageHeader image;

    TiffStrips(FileBytes file, TiffDirectory directory, ImageHeader image) {
        this.file = file;
        this.directory = directory;
        this.image = image;
    }

    /**
     * Throws unless all strips are there.
     *
     * @param bits of a pixel in one plane
     * @param planes 1, or the number of channels if each has its own strips
     */
    void requireWhole(long bits, long planes) throws UndecodableImageException {
        boolean tiled = directory.values(TILE_OFFSETS).length > 0;
        long width = tiled ? directory.value(TILE_WIDTH, 0) : image.width();
        long height = tiled ? directory.value(TILE_HEIGHT, 0) : directory.value(STRIP_ROWS, image.height());
        if (width < 1 || height < 1) {
            throw file.damaged("its parts have " + height + "x" + width + " pixels (height x width)");
        }
        if (!tiled) {
            height = Math.min(height, image.height());
        }
        if (width > Integer.MAX_VALUE
                || height > Integer.MAX_VALUE
                || width * height > image.pixels() + MAX_PIXELS_BEYOND_IMAGE) {
            throw file.unsupported("tiles of " + height + "x" + width + " pixels (height x width)");
        }
        long down = ceilDiv(image.height(), height);
        long strips = down * ceilDiv(image.width(), width);
        long[] offsets = directory.values(tiled ? TILE_OFFSETS : STRIP_OFFSETS);
        long[] bytes = directory.values(tiled ? TILE_BYTES : STRIP_BYTES);
        if (offsets.length < strips * planes || bytes.length < strips * planes) {
            throw file.damaged("it names too few parts of its image");
        }
        for (int i = 0; i < strips * planes; i++) {
            file.require(offsets[i], bytes[i]);
            long first = i % strips * height;
            long rows = tiled ? height : Math.min(height, image.height() - first);
            requireUnpacked((int) offsets[i], (int) bytes[i], rows * ceilDiv(width * bits, 8));
        }
    }

    private void requireUnpacked(int offset, int bytes, long needed) throws UndecodableImageException {
        long unpacked =
                switch ((int) directory.value(COMPRESSION, NONE)) {
                    case NONE -> bytes;
                    case DEFLATE, OLD_DEFLATE -> inflated(offset, bytes, needed);
                    case PACK_BITS -> unpackedBits(offset, bytes);
                    case LZW -> TiffLzw.length(file.array(), offset, bytes, needed);
                    default -> needed;
                };
        if (unpacked < needed) {
            throw file.damaged("a part of its image has " + unpacked + " bytes instead of " + needed);
        }
    }

    private long inflated(int offset, int bytes, long needed) throws UndecodableImageException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(file.array(), offset, bytes);
            byte[] buffer = new byte[8192];
            long length = 0;
            int got;
            do {
                got = inflater.inflate(buffer);
                length += got;
            } while (got > 0 && length < needed);
            return length;
        } catch (DataFormatException e) {
            throw file.damaged("a part of its image can't be unpacked: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    /** A byte n from 0 to 127 is followed by n + 1 bytes as they are, one from 129 to 255 by a byte to be had 257 - n times. */
    private long unpackedBits(int offset, int bytes) {
        byte[] data = file.array();
        long length = 0;
        int end = offset + bytes;
        int at = offset;
        while (at < end) {
            int run = data[at];
            if (run >= 0) {
                length += Math.min(run + 1, end - at - 1);
                at += run + 2;
            } else {
                length += run == -128 || at + 1 == end ? 0 : 1 - run;
                at += run == -128 ? 1 : 2;
            }
        }
        return length;
    }

    private static long ceilDiv(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
