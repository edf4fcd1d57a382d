package io.densespark.spark.evaluate;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * How many images have which score for each class, in bins of the score's log-odds. The bins are the same everywhere, so that
 * counts of several ranks add up exactly; there are fewer of them for more classes, so that the memory is bounded: 2^22 counts
 * for up to 4,096 classes, 1,024 for each class of more.
 */
final class ScoreCounts {
    private static final int MOST_COUNTS = 1 << 22;
    private static final int LEAST_BINS = 1 << 10;

    /** Log-odds beyond it are a float's 0 or 1. */
    private static final double LARGEST = 100;

    private static final double LARGEST_PLACE = asinh(LARGEST);

    private static final int BUFFER_BYTES = 1 << 16;

    private final int bins;
    private final int[] counts;

    ScoreCounts(int classes) {
        bins = Math.max(LEAST_BINS, MOST_COUNTS / classes);
        counts = new int[Math.multiplyExact(classes, bins)];
    }

    int bins() {
        return bins;
    }

    /**
     * The bin of a score: linear in {@code asinh(log-odds)}, which is fine where the model is in doubt, and coarser, in
     * proportion, where it is sure.
     */
    int bin(double logOdds) {
        double place = asinh(Math.max(-LARGEST, Math.min(LARGEST, logOdds))) + LARGEST_PLACE;
        return Math.min(bins - 1, (int) (place / (2 * LARGEST_PLACE) * bins));
    }

    private static double asinh(double x) {
        return Math.signum(x) * Math.log(Math.abs(x) + Math.sqrt(x * x + 1));
    }

    void add(int label, int bin) {
        counts[label * bins + bin]++;
    }

    /** How many images have a score for that class in each bin. */
    int[] of(int label) {
        int[] row = new int[bins];
        System.arraycopy(counts, label * bins, row, 0, bins);
        return row;
    }

    /** The counts on their way to the driver: those that aren't 0, since most are, each behind the number of 0s before it. */
    byte[] packed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // Behind a buffer: each call of the compressor is one into native code.
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new DeflaterOutputStream(bytes), BUFFER_BYTES))) {
            int next = 0;
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] != 0) {
                    out.writeInt(i - next);
                    out.writeInt(counts[i]);
                    next = i + 1;
                }
            }
            out.writeInt(counts.length - next);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Adds what {@link #packed} made of another one for as many classes. */
    void addPacked(byte[] packed) {
        try (DataInputStream in = new DataInputStream(
                new BufferedInputStream(new InflaterInputStream(new ByteArrayInputStream(packed)), BUFFER_BYTES))) {
            for (int i = in.readInt(); i < counts.length; i += 1 + in.readInt()) {
                counts[i] += in.readInt();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
