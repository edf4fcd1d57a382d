package io.densespark.data.decode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/** The files that scripts/image-fixtures.py has written. */
final class Fixtures {
    private Fixtures() {}

    /** Decodings, one for each line of expected.txt. */
    static List<Decoding> decodings() {
        return lines("expected.txt").stream().map(Decoding::of).toList();
    }

    /** The names of all files with an image. */
    static List<String> names() {
        return decodings().stream().map(Decoding::file).distinct().toList();
    }

    static List<String> lines(String file) {
        return new String(bytes(file), StandardCharsets.UTF_8).lines().toList();
    }

    static byte[] bytes(String file) {
        try (InputStream in = Objects.requireNonNull(Fixtures.class.getResourceAsStream(file), file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a file is to be decoded to, and how far it may be off. */
    record Decoding(String file, DecodeSettings settings, double worst, double mean, DecodedImage image) {
        static Decoding of(String line) {
            String[] parts = line.split(" ", -1);
            PixelFormat format = PixelFormat.valueOf(parts[1]);
            return new Decoding(
                    parts[0],
                    new DecodeSettings(format, Integer.parseInt(parts[2], 16), DecodeSettings.DEFAULT_MAX_PIXELS),
                    Double.parseDouble(parts[5]),
                    Double.parseDouble(parts[6]),
                    Fixtures.image(Integer.parseInt(parts[3]), Integer.parseInt(parts[4]), format, parts[7]));
        }

        @Override
        public String toString() {
            return String.join(" ", file, settings.format().name(), Integer.toHexString(settings.background()));
        }
    }

    static DecodedImage image(int height, int width, PixelFormat format, String base64) {
        return new DecodedImage(height, width, format, Base64.getDecoder().decode(base64));
    }

    /** All values of an image, 0 to 255 or 65535, each divided by {@code unit}. */
    static double[] values(DecodedImage image, double unit) {
        int bytes = image.format().bytesPerValue();
        byte[] pixels = image.pixels();
        double[] values = new double[pixels.length / bytes];
        for (int i = 0; i < values.length; i++) {
            int low = pixels[i * bytes] & 0xff;
            values[i] = (bytes == 1 ? low : (pixels[i * 2 + 1] & 0xff) << 8 | low) / unit;
        }
        return values;
    }

    /** The largest and the mean difference of two images of one size, both in 255ths of white. */
    static double[] differences(DecodedImage one, DecodedImage other) {
        double unit = one.format().bytesPerValue() == 1 ? 1 : 257;
        double[] ones = values(one, unit);
        double[] others = values(other, unit);
        double worst = 0;
        double sum = 0;
        for (int i = 0; i < ones.length; i++) {
            worst = Math.max(worst, Math.abs(ones[i] - others[i]));
            sum += Math.abs(ones[i] - others[i]);
        }
        return new double[] {worst, sum / ones.length};
    }
}
