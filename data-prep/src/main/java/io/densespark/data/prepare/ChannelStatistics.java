package io.densespark.data.prepare;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Mean and standard deviation of each channel over all pixels added, exact up to the last rounding: sums are integers.
 *
 * <p>A sum of squares fits a long for 1.4e14 pixels of a channel.
 */
public final class ChannelStatistics {
    private static final int MAX = 255;

    private final long[] sum;
    private final long[] sumOfSquares;
    private long pixels;

    /** Of no images yet. */
    public ChannelStatistics(int channels) {
        sum = new long[channels];
        sumOfSquares = new long[channels];
    }

    /** Adds an image {@code [H, W, C]} of unsigned bytes. */
    public void add(byte[] image) {
        int channels = sum.length;
        for (int c = 0; c < channels; c++) {
            long total = 0;
            long squares = 0;
            for (int i = c; i < image.length; i += channels) {
                int value = image[i] & 0xff;
                total += value;
                squares += (long) value * value;
            }
            sum[c] += total;
            sumOfSquares[c] += squares;
        }
        pixels += image.length / channels;
    }

    /** What was added, to be added elsewhere: number of pixels, then of each channel the sum, then the sum of squares. */
    public long[] sums() {
        return LongStream.concat(LongStream.of(pixels), LongStream.concat(LongStream.of(sum), LongStream.of(sumOfSquares)))
                .toArray();
    }

    /** Adds what another's {@link #sums} are. */
    public void add(long[] sums) {
        pixels += sums[0];
        for (int c = 0; c < sum.length; c++) {
            sum[c] += sums[1 + c];
            sumOfSquares[c] += sums[1 + sum.length + c];
        }
    }

    /** Mean of each channel, where 255 counts 1.0. */
    public List<Double> mean() {
        List<Double> means = new ArrayList<>();
        for (long total : sum) {
            means.add(
                    ratio(BigInteger.valueOf(total), BigInteger.valueOf(pixels).multiply(BigInteger.valueOf(MAX)))
                            .doubleValue());
        }
        return List.copyOf(means);
    }

    /** Standard deviation of the population, sqrt(E[x^2] - E[x]^2), in the unit of {@link #mean}. */
    public List<Double> std() {
        List<Double> deviations = new ArrayList<>();
        BigInteger n = BigInteger.valueOf(pixels);
        for (int c = 0; c < sum.length; c++) {
            // n^2 times the variance, in integers: nothing cancels.
            BigInteger scaled = n.multiply(BigInteger.valueOf(sumOfSquares[c]))
                    .subtract(BigInteger.valueOf(sum[c]).pow(2));
            BigDecimal variance =
                    ratio(scaled, n.multiply(BigInteger.valueOf(MAX)).pow(2));
            deviations.add(variance.sqrt(MathContext.DECIMAL64).doubleValue());
        }
        return List.copyOf(deviations);
    }

    private static BigDecimal ratio(BigInteger numerator, BigInteger denominator) {
        return new BigDecimal(numerator).divide(new BigDecimal(denominator), MathContext.DECIMAL128);
    }
}
