package io.densespark.data.decode;

import io.densespark.data.DataException;

/**
 * The pixels of an image, upright.
 *
 * <p>Making one throws {@link DataException} if a size is not positive, or {@code pixels} has another length than the
 * sizes say.
 *
 * @param height in pixels
 * @param width in pixels
 * @param format what the values are
 * @param pixels {@code [H, W, C]} as {@code format} says; not copied, it belongs to whoever has the image
 */
@SuppressWarnings("ArrayRecordComponent") // Two images are never compared; copies would cost as much as resizing.
public record DecodedImage(int height, int width, PixelFormat format, byte[] pixels) {
    public DecodedImage {
        if (height < 1 || width < 1 || (long) height * width * format.bytesPerPixel() != pixels.length) {
            throw new DataException("an image of " + height + "x" + width + " pixels (height x width) in " + format
                    + " can't have " + pixels.length + " bytes");
        }
    }
}
