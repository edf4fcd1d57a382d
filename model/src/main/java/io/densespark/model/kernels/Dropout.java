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
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int BITS = 53;

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
        return bits < share * (1L << BITS) ? 0 : (float) (1 / (1 - share));
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
