package io.densespark.data.decode;

/** From pixels as a file has them to pixels as they are wanted: opaque, of the wanted channels and depth, upright. */
final class PixelConverter {
    private PixelConverter() {}

    static DecodedImage convert(RawImage raw, DecodeSettings settings) {
        RawImage opaque = raw.channels() == 4 ? layOn(raw, settings.background()) : raw;
        byte[] pixels =
                switch (settings.format()) {
                    case RGB8 -> rgb8(opaque);
                    case GREY8 -> grey8(opaque);
                    case GREY16 -> grey16(opaque);
                };
        return Orientation.upright(raw.orientation(), raw.height(), raw.width(), settings.format(), pixels);
    }

    /** Three channels of four: each is the mean of image and background, weighted by alpha, rounded to the nearest. */
    private static RawImage layOn(RawImage raw, int background) {
        int pixels = raw.height() * raw.width();
        boolean wide = raw.wide();
        byte[] from = raw.values();
        byte[] opaque = new byte[pixels * (wide ? 6 : 3)];
        long largest = wide ? 65535 : 255;
        for (int c = 0; c < 3; c++) {
            long under = (background >> (16 - 8 * c) & 0xff) * largest / 255;
            for (int i = 0; i < pixels; i++) {
                long alpha = value(from, i * 4 + 3, wide);
                long sum = value(from, i * 4 + c, wide) * alpha + under * (largest - alpha);
                set(opaque, i * 3 + c, (int) ((sum + largest / 2) / largest), wide);
            }
        }
        return new RawImage(raw.height(), raw.width(), 3, wide, raw.orientation(), opaque);
    }

    private static byte[] rgb8(RawImage raw) {
        if (raw.channels() == 3 && !raw.wide()) {
            return raw.values();
        }
        byte[] from = raw.values();
        byte[] pixels = new byte[raw.height() * raw.width() * 3];
        int step = raw.channels() == 3 ? 1 : 0;
        for (int i = 0; i < pixels.length / 3; i++) {
            for (int c = 0; c < 3; c++) {
                int value = value(from, i * raw.channels() + c * step, raw.wide());
                pixels[i * 3 + c] = (byte) (raw.wide() ? narrow(value) : value);
            }
        }
        return pixels;
    }

    private static byte[] grey8(RawImage raw) {
        if (raw.channels() == 1 && !raw.wide()) {
            return raw.values();
        }
        byte[] pixels = new byte[raw.height() * raw.width()];
        for (int i = 0; i < pixels.length; i++) {
            int grey = grey(raw, i, 1);
            pixels[i] = (byte) (raw.wide() ? narrow(grey) : grey);
        }
        return pixels;
    }

    private static byte[] grey16(RawImage raw) {
        if (raw.channels() == 1 && raw.wide()) {
            return raw.values();
        }
        byte[] pixels = new byte[raw.height() * raw.width() * 2];
        int scale = raw.wide() ? 1 : 257;
        for (int i = 0; i < pixels.length / 2; i++) {
            set(pixels, i, grey(raw, i, scale), true);
        }
        return pixels;
    }

    /**
     * Luma of one pixel, from its values times {@code scale}, at most 65535. The weights are those of ITU-R BT.601 in
     * 65536ths, of sum 65536; the sum is below 2^32 and so taken as unsigned.
     */
    private static int grey(RawImage raw, int pixel, int scale) {
        byte[] from = raw.values();
        if (raw.channels() == 1) {
            return value(from, pixel, raw.wide()) * scale;
        }
        int red = value(from, pixel * 3, raw.wide()) * scale;
        int green = value(from, pixel * 3 + 1, raw.wide()) * scale;
        int blue = value(from, pixel * 3 + 2, raw.wide()) * scale;
        return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >>> 16;
    }

    /** {@code v * 255 / 65535}, rounded to the nearest. */
    private static int narrow(int value) {
        return (value + 128) / 257;
    }

    private static int value(byte[] values, int index, boolean wide) {
        return wide ? (values[2 * index + 1] & 0xff) << 8 | (values[2 * index] & 0xff) : values[index] & 0xff;
    }

    private static void set(byte[] values, int index, int value, boolean wide) {
        if (wide) {
            values[2 * index] = (byte) value;
            values[2 * index + 1] = (byte) (value >> 8);
        } else {
            values[index] = (byte) value;
        }
    }
}
