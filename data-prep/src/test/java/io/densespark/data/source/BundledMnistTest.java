package io.densespark.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.ImageShape;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histograms were printed by {@code scripts/convert-mnist.mjs}; checksums are of the pixels, without headers. */
class BundledMnistTest {
    private final ImageSource mnist = BundledMnist.open();

    @Test
    void imagesAreTwentyEightPixelsSquareInOneChannel() {
        assertThat(mnist.shape()).isEqualTo(new ImageShape(28, 28, 1));
    }

    @Test
    void trainHasNineThousandDigitsOfAllClasses() throws NoSuchAlgorithmException {
        Content train = read("train");
        assertThat(mnist.count("train")).isEqualTo(9000);
        assertThat(train.histogram()).containsExactly(896, 1015, 896, 924, 877, 767, 912, 975, 854, 884);
        assertThat(train.sha256()).isEqualTo("594b191ba4690aa2e6c1b2e62274bf27806a0eff006168edb1bc790627a0fb54");
    }

    @Test
    void testHasAThousandDigitsOfAllClasses() throws NoSuchAlgorithmException {
        Content test = read("test");
        assertThat(mnist.count("test")).isEqualTo(1000);
        assertThat(test.histogram()).containsExactly(105, 112, 95, 108, 103, 96, 102, 95, 90, 94);
        assertThat(test.sha256()).isEqualTo("c5ececce1bf1fceb8b0e0c812c7993c85638677c322f6029eeea46dd7a255d43");
    }

    @Test
    void aZeroIsHollowAndAOneIsNot() {
        // Mean brightness of the four pixels in the middle, by digit: catches images that were transposed or shifted
        // into each other, or labels that are not theirs.
        double[] sum = new double[10];
        int[] count = new int[10];
        byte[] pixels = new byte[28 * 28];
        try (ImageReader images = mnist.open("train")) {
            for (int label = images.next(pixels); label >= 0; label = images.next(pixels)) {
                for (int y = 13; y <= 14; y++) {
                    for (int x = 13; x <= 14; x++) {
                        sum[label] += pixels[y * 28 + x] & 0xff;
                    }
                }
                count[label] += 4;
            }
        }
        assertThat(sum[0] / count[0]).isLessThan(20);
        assertThat(sum[1] / count[1]).isGreaterThan(180);
    }

    private record Content(List<Integer> histogram, String sha256) {}

    private Content read(String split) throws NoSuchAlgorithmException {
        int[] histogram = new int[10];
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] pixels = new byte[mnist.shape().bytes()];
        try (ImageReader images = mnist.open(split)) {
            for (int label = images.next(pixels); label >= 0; label = images.next(pixels)) {
                histogram[label]++;
                digest.update(pixels);
            }
        }
        return new Content(
                Arrays.stream(histogram).boxed().toList(), HexFormat.of().formatHex(digest.digest()));
    }
}
