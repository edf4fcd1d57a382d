package io.densespark.model.kernels;

import io.densespark.model.ModelException;

/**
 * Which elements training sets to zero: a function of a key and an element's place, so that a mask is never stored, and is
 * the same however the elements are cut into pieces, workers and replicas (Srivastava et al., "Dropout", 2014, in the
 * inverted form: what stays is multiplied by 1 / (1 - share)).
 *
 * @param share of the elements that become zero, in [0, 1)
 * @param key of this layer in this step
 * @param first place of the first element of the matrix at hand
 */
public record Dropout(double share, long key, long first) {
    // The finalizer of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    public static final long GOLDEN = 0x9E3779B97F4A7C15L;
    public static final int FIRST_SHIFT = 30;
    public static final long FIRST_FACTOR = 0xBF58476D1CE4E5B9L;
    public static final int SECOND_SHIFT = 27;
    public static final long SECOND_FACTOR = 0x94D049BB133111EBL;
    public static final int THIRD_SHIFT = 31;

    /** The highest bits of a mixed number, which are compared with the share. */
    public static final int BITS = 53;

    public Dropout {
        if (!(share >= 0 && share < 1)) {
            throw new ModelException("dropout " + share + ": must be at least 0 and below 1");
        }
    }

    /** A key that differs, as random numbers do, wherever one of the parts does. */
    public static long key(long... parts) {
        long key = 0;
        for (long part : parts) {
            key = mix(key * GOLDEN + part + GOLDEN);
        }
        return key;
    }

    /** The multiplier of the element at {@code first + index}: 0 or 1 / (1 - share). */
    public float multiplier(long index) {
        long bits = mix(key + (first + index) * GOLDEN) >>> (Long.SIZE - BITS);
        return bits < threshold() ? 0 : multiplierOfKept();
    }

    /** An element whose {@link #BITS} highest bits are below this becomes zero. */
    public long threshold() {
        return (long) Math.ceil(share * (1L << BITS));
    }

    /** 1 / (1 - share). */
    public float multiplierOfKept() {
        return (float) (1 / (1 - share));
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> FIRST_SHIFT)) * FIRST_FACTOR;
        z = (z ^ (z >>> SECOND_SHIFT)) * SECOND_FACTOR;
        return z ^ (z >>> THIRD_SHIFT);
    }
}
