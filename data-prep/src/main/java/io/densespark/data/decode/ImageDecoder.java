package io.densespark.data.decode;

/**
 * Decodes the files of images: JPEG, PNG, WebP, GIF, BMP and TIFF, of 1 to 16 bits a value.
 *
 * <p>The image comes upright, whatever orientation the file's Exif block (or TIFF's tag) gives it. Pixels that are
 * transparent in part are laid on the background. CMYK becomes RGB without a color profile; profiles are ignored. 16 bits
 * become 8 by rounding {@code v * 255 / 65535}. Of a file with several images or frames, the first is taken.
 *
 * <p>A file that is cut off is never decoded to a part of its image. Its size is checked by its header before anything is
 * decoded.
 *
 * <p>For several threads at once; each call works in the caller's thread, and frees what native memory it took.
 */
public final class ImageDecoder {
    private final DecodeSettings settings;

    public ImageDecoder(DecodeSettings settings) {
        this.settings = settings;
    }

    /**
     * Decodes a file.
     *
     * @param encoded all bytes of the file
     * @throws UndecodableImageException if it is empty, of no known format, cut off, too large, damaged or of a kind that
     *     isn't read
     * @throws io.densespark.data.DataException if OpenCV doesn't load on this machine
     */
    public DecodedImage decode(byte[] encoded) throws UndecodableImageException {
        EncodedFile file = EncodedFile.of(encoded);
        ImageHeader header = file.header();
        if (header.pixels() > settings.maxPixels()) {
            throw UndecodableImageException.tooLarge(header, settings.maxPixels());
        }
        return PixelConverter.convert(file.decode(), settings);
    }
}
