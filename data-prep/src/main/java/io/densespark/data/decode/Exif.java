package io.densespark.data.decode;

import java.util.Arrays;

/** The Exif block of a file, of which only the orientation counts. */
final class Exif {
    /** What JPEG, and some writers of WebP, put before the block. */
    static final String PREFIX = "Exif\0\0";

    private Exif() {}

    /**
     * The orientation that a block gives: 1 to 8, 1 if it gives none. A block that can't be read says nothing about the
     * pixels, which other programs show all the same; so it counts as one without an orientation.
     *
     * @param start of the block in the file, with or without the prefix
     * @param end after its last byte
     */
    static int orientation(FileBytes file, long start, long end) {
        long begin = file.has(start, PREFIX) ? start + PREFIX.length() : start;
        if (begin >= end || !(file.has(begin, "II") || file.has(begin, "MM"))) {
            return RawImage.UPRIGHT;
        }
        byte[] block = Arrays.copyOfRange(file.array(), (int) begin, (int) Math.min(end, file.length()));
        try {
            return TiffDirectory.read(new FileBytes(block, ImageFormat.TIFF)).orientation();
        } catch (UndecodableImageException e) {
            return RawImage.UPRIGHT;
        }
    }
}
