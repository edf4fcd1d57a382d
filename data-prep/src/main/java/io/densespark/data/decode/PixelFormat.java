package io.densespark.data.decode;

import io.densespark.data.DataException;
import java.util.Arrays;

/** What the values of a decoded image are. All are unsigned, with all channels of a pixel side by side. */
public enum PixelFormat {
    /** One byte a pixel: luma, {@code 0.299 R + 0.587 G + 0.114 B} where the file has colors. */
    GREY8(1, 1),

    /** Three bytes a pixel: red, green, blue. */
    RGB8(3, 1),

    /** Two bytes a pixel, the low one first; 65535 is white, also where the file has 8 bits. */
    GREY16(1, 2);

    private final int channels;
    private final int bytesPerValue;

    PixelFormat(int channels, int bytesPerValue) {
        this.channels = channels;
        this.bytesPerValue = bytesPerValue;
    }

    /**
     * The format of images with so many values a pixel, of so many bits each.
     *
     * @throws DataException if there is none
     */
    public static PixelFormat of(int channels, int bits) {
        return Arrays.stream(values())
                .filter(format -> format.channels == channels && format.bytesPerValue * Byte.SIZE == bits)
                .findFirst()
                .orElseThrow(() -> new DataException("no image is decoded to " + channels + " channels of " + bits
                        + " bits: take grey (8 or 16 bits) or RGB (8 bits)"));
    }

    /** Values of a pixel. */
    public int channels() {
        return channels;
    }

    /** 1 or 2. */
    public int bytesPerValue() {
        return bytesPerValue;
    }

    /** Bytes of all of a pixel's values. */
    public int bytesPerPixel() {
        return channels * bytesPerValue;
    }
}
