package io.densespark.model.tensor;

/** Single numbers of {@link ElementType#BFLOAT16}: the upper 16 bits of a float. */
public final class Bfloat16 {
    private static final int HALF = 16;
    private static final int JUST_BELOW_HALF = 0x7fff;

    private Bfloat16() {}

    /** The float that the bits stand for, exactly. */
    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << HALF);
    }

    /** The nearest number's bits, ties to even; what is not a number stays none. */
    public static short of(float value) {
        if (Float.isNaN(value)) {
            return (short) (Float.floatToIntBits(value) >>> HALF);
        }
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + JUST_BELOW_HALF + ((bits >>> HALF) & 1)) >>> HALF);
    }
}
