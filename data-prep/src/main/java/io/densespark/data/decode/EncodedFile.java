package io.densespark.data.decode;

/** An image file of one format: what it says of itself, and how it is decoded. */
interface EncodedFile {

    /** Reads the size of the image and no more than that needs. */
    ImageHeader header() throws UndecodableImageException;

    /**
     * Checks that the file is whole, and decodes the one image in it, or the first. To be called after {@link #header()}
     * was found not to be too large.
     */
    RawImage decode() throws UndecodableImageException;

    /** The file in its format, by its first bytes. */
    static EncodedFile of(byte[] encoded) throws UndecodableImageException {
        if (encoded.length == 0) {
            throw UndecodableImageException.empty();
        }
        FileBytes start = new FileBytes(encoded, ImageFormat.JPEG);
        if (start.has(0, "\u00ff\u00d8\u00ff")) {
            return new JpegFile(encoded);
        }
        if (start.has(0, "\u0089PNG\r\n\u001a\n")) {
            return new PngFile(encoded);
        }
        if (start.has(0, "RIFF") && start.has(8, "WEBP")) {
            return new WebpFile(encoded);
        }
        if (start.has(0, "GIF87a") || start.has(0, "GIF89a")) {
            return new GifFile(encoded);
        }
        if (start.has(0, "BM")) {
            return new BmpFile(encoded);
        }
        if (start.has(0, "II*\0") || start.has(0, "MM\0*") || start.has(0, "II+\0") || start.has(0, "MM\0+")) {
            return new TiffFile(encoded);
        }
        throw UndecodableImageException.unknownFormat();
    }
}
