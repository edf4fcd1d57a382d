package io.densespark.data.decode;

/**
 * Pixels as a file has them.
 *
 * @param height in pixels, as stored
 * @param width in pixels, as stored
 * @param channels 1 (grey), 3 (red, green, blue) or 4 (with alpha; the colors are not multiplied by it)
 * @param wide whether each value has two bytes, the low one first, and not one
 * @param orientation which of the eight ways the image lies, as Exif counts them: 1 is upright
 * @param values {@code [H, W, C]}
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and used at once.
record RawImage(int height, int width, int channels, boolean wide, int orientation, byte[] values) {
    static final int UPRIGHT = 1;

    RawImage withOrientation(int newOrientation) {
        return new RawImage(height, width, channels, wide, newOrientation, values);
    }

    /** The image with an alpha channel: 0 for pixels of the one grey value that counts as transparent. */
    RawImage withTransparentGrey(int transparent) {
        int bytes = wide ? 2 : 1;
        byte[] withAlpha = new byte[values.length * 4];
        for (int i = 0; i < values.length; i += bytes) {
            int grey = wide ? (values[i + 1] & 0xff) << 8 | (values[i] & 0xff) : values[i] & 0xff;
            for (int b = 0; b < bytes; b++) {
                for (int c = 0; c < 3; c++) {
                    withAlpha[i * 4 + c * bytes + b] = values[i + b];
                }
                withAlpha[i * 4 + 3 * bytes + b] = (byte) (grey == transparent ? 0 : 0xff);
            }
        }
        return new RawImage(height, width, 4, wide, orientation, withAlpha);
    }

    /** The image with all pixels opaque. */
    RawImage withoutAlpha() {
        int bytes = wide ? 2 : 1;
        byte[] opaque = new byte[values.length / 4 * 3];
        for (int from = 0, to = 0; from < values.length; from += 4 * bytes, to += 3 * bytes) {
            System.arraycopy(values, from, opaque, to, 3 * bytes);
        }
        return new RawImage(height, width, 3, wide, orientation, opaque);
    }

    /** The image with colors that are not multiplied by alpha, from one whose colors are, of 8 bits a value. */
    RawImage divideByAlpha() {
        byte[] divided = values.clone();
        for (int i = 0; i < values.length; i++) {
            int alpha = values[i | 3] & 0xff;
            if ((i & 3) < 3 && alpha > 0) {
                divided[i] = (byte) Math.min(255, ((values[i] & 0xff) * 255 + alpha / 2) / alpha);
            }
        }
        return new RawImage(height, width, channels, wide, orientation, divided);
    }

    /** The image, of 8 bits a value, as a part of a larger one whose other pixels are transparent. */
    RawImage onCanvas(int canvasHeight, int canvasWidth, int top, int left) {
        byte[] canvas = new byte[canvasHeight * canvasWidth * 4];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = (y * width + x) * channels;
                int to = ((top + y) * canvasWidth + left + x) * 4;
                canvas[to + 3] = (byte) 0xff;
                System.arraycopy(values, from, canvas, to, channels);
            }
        }
        return new RawImage(canvasHeight, canvasWidth, 4, false, orientation, canvas);
    }
}
