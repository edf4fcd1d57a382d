package io.densespark.spark.predict;

import io.densespark.data.ImageShape;

/**
 * One image.
 *
 * @param shape of the values
 * @param values {@code [H, W, C]}, unsigned; C is 1 (grey), 3 (red, green, blue), or what a model takes that was trained on
 *     something else
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever makes one keeps no other reference.
record Pixels(ImageShape shape, byte[] values) {
    private static final int RGB = 3;

    /** Weights of red, green and blue in grey (ITU-R BT.601), in 65536ths: the decoder's, for the same grey. */
    private static final int RED = 19595;

    private static final int GREEN = 38470;
    private static final int BLUE = 7471;
    private static final int HALF = 1 << 15;

    /** Whether pixels of so many channels can be made of others. */
    static boolean isConvertible(int from, int to) {
        return from == to || (from == 1 && to == RGB) || (from == RGB && to == 1);
    }

    /** The image in grey or in colors; channels as {@link #isConvertible} allows. */
    Pixels withChannels(int channels) {
        if (channels == shape.channels()) {
            return this;
        }
        ImageShape target = new ImageShape(shape.height(), shape.width(), channels);
        byte[] converted = new byte[target.bytes()];
        for (int pixel = 0; pixel < shape.height() * shape.width(); pixel++) {
            if (channels == 1) {
                converted[pixel] = grey(pixel * RGB);
            } else {
                for (int c = 0; c < RGB; c++) {
                    converted[pixel * RGB + c] = values[pixel];
                }
            }
        }
        return new Pixels(target, converted);
    }

    private byte grey(int at) {
        int sum = RED * (values[at] & 0xff) + GREEN * (values[at + 1] & 0xff) + BLUE * (values[at + 2] & 0xff);
        return (byte) ((sum + HALF) >> 16);
    }
}
