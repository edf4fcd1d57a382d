package io.densespark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.data.ImageShape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChannelStatisticsTest {
    @Test
    void meanAndDeviationAreThoseOfTwoSlowPasses() {
        int channels = 3;
        byte[][] images = new byte[50][7 * 5 * channels];
        Random random = new Random(3);
        ChannelStatistics statistics = new ChannelStatistics(new ImageShape(1, 1, channels));
        for (byte[] image : images) {
            random.nextBytes(image);
            statistics.add(image);
        }
        for (int c = 0; c < channels; c++) {
            double mean = mean(images, channels, c);
            assertThat(statistics.mean().get(c)).isCloseTo(mean, within(1e-13));
            assertThat(statistics.std().get(c)).isCloseTo(std(images, channels, c, mean), within(1e-13));
        }
    }

    @Test
    void simpleValuesAreExact() {
        ChannelStatistics statistics = new ChannelStatistics(new ImageShape(1, 1, 2));
        statistics.add(new byte[] {0, (byte) 255, (byte) 255, (byte) 255});
        assertThat(statistics.mean()).isEqualTo(List.of(0.5, 1.0));
        assertThat(statistics.std()).isEqualTo(List.of(0.5, 0.0));
    }

    @Test
    void aSmallSpreadBesideALargeMeanIsNotLost() {
        // One pixel of a million differs by one step: E[x^2] - E[x]^2 in floating point would lose most digits.
        byte[] image = new byte[1_000_000];
        Arrays.fill(image, (byte) 255);
        image[17] = (byte) 254;
        ChannelStatistics statistics = new ChannelStatistics(new ImageShape(1, 1, 1));
        statistics.add(image);
        double share = 1e-6;
        assertThat(statistics.std().get(0)).isCloseTo(Math.sqrt(share * (1 - share)) / 255, within(1e-17));
    }

    @Test
    void whatTwoHaveAddedIsThatOfOneAlsoAfterAJourneyThroughDoubles() {
        ImageShape shape = new ImageShape(64, 64, 1, 16);
        ChannelStatistics one = new ChannelStatistics(shape);
        ChannelStatistics first = new ChannelStatistics(shape);
        ChannelStatistics second = new ChannelStatistics(shape);
        Random random = new Random(4);
        for (int i = 0; i < 40; i++) {
            byte[] image = new byte[shape.bytes()];
            random.nextBytes(image);
            one.add(image);
            (i % 3 == 0 ? first : second).add(image);
        }
        ChannelStatistics both = first.plus(ChannelStatistics.of(shape, second.digits()));
        assertThat(both.digits()).isEqualTo(one.digits());
        assertThat(both.mean()).isEqualTo(one.mean());
        assertThat(both.std()).isEqualTo(one.std());
    }

    private static double mean(byte[][] images, int channels, int c) {
        double sum = 0;
        int count = 0;
        for (byte[] image : images) {
            for (int i = c; i < image.length; i += channels) {
                sum += (image[i] & 0xff) / 255.0;
                count++;
            }
        }
        return sum / count;
    }

    private static double std(byte[][] images, int channels, int c, double mean) {
        double sum = 0;
        int count = 0;
        for (byte[] image : images) {
            for (int i = c; i < image.length; i += channels) {
                double distance = (image[i] & 0xff) / 255.0 - mean;
                sum += distance * distance;
                count++;
            }
        }
        return Math.sqrt(sum / count);
    }
}
