package io.densespark.data.prepare;

import io.densespark.data.ImageShape;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Mean and standard deviation of each channel over all pixels added, exact up to the last rounding: sums are integers. */
public final class ChannelStatistics implements Serializable {
    /** Of a number, to the base of 2^48. */
    private static final int DIGITS = 3;

    private static final BigInteger BASE = BigInteger.ONE.shiftLeft(48);

    private final int channels;
    private final int max;
    private final BigInteger[] sum;
    private final BigInteger[] sumOfSquares;
    private long pixels;

    /** @param shape of the images to come */
    public ChannelStatistics(ImageShape shape) {
        this(shape.channels(), shape.maxValue());
    }

    private ChannelStatistics(int channels, int max) {
        this.channels = channels;
        this.max = max;
        sum = zeros(channels);
        sumOfSquares = zeros(channels);
    }

    private static BigInteger[] zeros(int count) {
        BigInteger[] zeros = new BigInteger[count];
        Arrays.fill(zeros, BigInteger.ZERO);
        return zeros;
    }

    /** Adds an image {@code [H, W, C]} of unsigned bytes, or pairs of them, the lower one first. */
    public void add(byte[] image) {
        int step = max > 0xff ? 2 : 1;
        for (int c = 0; c < channels; c++) {
            // A long holds the squares of 2^31 values of 16 bits, more than an array can.
            long total = 0;
            long squares = 0;
            for (int i = c * step; i < image.length; i += channels * step) {
                int value = image[i] & 0xff;
                if (step == 2) {
                    value |= (image[i + 1] & 0xff) << Byte.SIZE;
                }
                total += value;
                squares += (long) value * value;
            }
            sum[c] = sum[c].add(BigInteger.valueOf(total));
            sumOfSquares[c] = sumOfSquares[c].add(BigInteger.valueOf(squares));
        }
        pixels += image.length / step / channels;
    }

    /** What was added, in whole numbers that doubles hold exactly, for {@link #of}. */
    public double[] digits() {
        double[] digits = new double[DIGITS * (1 + 2 * channels)];
        digits(BigInteger.valueOf(pixels), digits, 0);
        for (int c = 0; c < channels; c++) {
            digits(sum[c], digits, 1 + c);
            digits(sumOfSquares[c], digits, 1 + channels + c);
        }
        return digits;
    }

    /** What has these {@link #digits}, of images of that shape. */
    public static ChannelStatistics of(ImageShape shape, double[] digits) {
        ChannelStatistics statistics = new ChannelStatistics(shape);
        statistics.pixels = number(digits, 0).longValueExact();
        for (int c = 0; c < shape.channels(); c++) {
            statistics.sum[c] = number(digits, 1 + c);
            statistics.sumOfSquares[c] = number(digits, 1 + shape.channels() + c);
        }
        return statistics;
    }

    private static void digits(BigInteger number, double[] into, int place) {
        BigInteger left = number;
        for (int digit = 0; digit < DIGITS; digit++) {
            into[place * DIGITS + digit] = left.mod(BASE).doubleValue();
            left = left.divide(BASE);
        }
    }

    private static BigInteger number(double[] digits, int place) {
        BigInteger number = BigInteger.ZERO;
        for (int digit = DIGITS - 1; digit >= 0; digit--) {
            number = number.multiply(BASE).add(BigInteger.valueOf((long) digits[place * DIGITS + digit]));
        }
        return number;
    }

    /** Of what both have added, images of one kind. */
    public ChannelStatistics plus(ChannelStatistics other) {
        ChannelStatistics both = new ChannelStatistics(channels, max);
        for (int c = 0; c < channels; c++) {
            both.sum[c] = sum[c].add(other.sum[c]);
            both.sumOfSquares[c] = sumOfSquares[c].add(other.sumOfSquares[c]);
        }
        both.pixels = pixels + other.pixels;
        return both;
    }

    /** Mean of each channel, where the largest value counts 1.0. */
    public List<Double> mean() {
        List<Double> means = new ArrayList<>();
        for (BigInteger total : sum) {
            means.add(ratio(total, BigInteger.valueOf(pixels).multiply(BigInteger.valueOf(max)))
                    .doubleValue());
        }
        return List.copyOf(means);
    }

    /** Standard deviation of the population, sqrt(E[x^2] - E[x]^2), in the unit of {@link #mean}. */
    public List<Double> std() {
        List<Double> deviations = new ArrayList<>();
        BigInteger n = BigInteger.valueOf(pixels);
        for (int c = 0; c < channels; c++) {
            // n^2 times the variance, in integers: nothing cancels.
            BigInteger scaled = n.multiply(sumOfSquares[c]).subtract(sum[c].pow(2));
            BigDecimal variance =
                    ratio(scaled, n.multiply(BigInteger.valueOf(max)).pow(2));
            deviations.add(variance.sqrt(MathContext.DECIMAL64).doubleValue());
        }
        return List.copyOf(deviations);
    }

    private static BigDecimal ratio(BigInteger numerator, BigInteger denominator) {
        return new BigDecimal(numerator).divide(new BigDecimal(denominator), MathContext.DECIMAL128);
    }
}
