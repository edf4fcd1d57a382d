package io.densespark.data.decode;

/**
 * What the first bytes of an image file say of its image; nothing is decoded.
 *
 * @param format the file's format, by its bytes
 * @param height in pixels, as stored: an orientation of 5 to 8 swaps it with the width when the image is decoded
 * @param width in pixels, as stored
 */
public record ImageHeader(ImageFormat format, int height, int width) {

    /**
     * Reads the header of a file.
     *
     * @param encoded the file, or so many of its first bytes that its header is among them
     * @throws UndecodableImageException if the file is empty, of no known format, ends within its header, or has a header
     *     that can't be
     */
    public static ImageHeader read(byte[] encoded) throws UndecodableImageException {
        return EncodedFile.of(encoded).header();
    }

    /** Height times width. */
    public long pixels() {
        return (long) height * width;
    }

    static ImageHeader of(FileBytes file, ImageFormat format, long height, long width)
            throws UndecodableImageException {
        if (height < 1 || width < 1 || height > Integer.MAX_VALUE || width > Integer.MAX_VALUE) {
            throw file.damaged("its image has " + height + "x" + width + " pixels (height x width)");
        }
        return new ImageHeader(format, (int) height, (int) width);
    }
}
