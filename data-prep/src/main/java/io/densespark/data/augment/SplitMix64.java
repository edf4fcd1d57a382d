package io.densespark.data.augment;

/**
 * The generator SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): the
 * state advances by a constant, and each number is the state passed through {@link #mix}.
 *
 * <p>Written out here, and not taken from the JDK, so that an order of examples is the same on every Java version.
 */
public final class SplitMix64 {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    /**
     * A stream for a purpose: the keys are mixed in one by one, so that streams whose keys differ anywhere are unrelated,
     * and (1, 2) is not (2, 1).
     */
    public SplitMix64(long... keys) {
        long mixed = 0;
        for (long key : keys) {
            mixed = mix(mixed + GOLDEN_GAMMA + mix(key + GOLDEN_GAMMA));
        }
        state = mixed;
    }

    long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** A number in [0, bound), each as likely as the others. */
    public int nextInt(int bound) {
        // The high 31 bits give [0, 2^31); numbers of the last, incomplete run of bound are drawn again.
        while (true) {
            int bits = (int) (next() >>> 33);
            int value = bits % bound;
            if (bits - value + (bound - 1) >= 0) {
                return value;
            }
        }
    }

    /** A number of [from, to), as good as evenly drawn; {@code from} if they are equal. */
    public double uniform(double from, double to) {
        return from + (to - from) * (next() >>> 11) * 0x1p-53;
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
