package io.densespark.model.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The types of safetensors' elements that are read, each by conversion to float. */
enum TensorType {
    F32(Float.BYTES) {
        @Override
        float next(ByteBuffer bytes) {
            return bytes.getFloat();
        }
    },
    /** Rounded to the nearest float; beyond the largest one it becomes infinite. */
    F64(Double.BYTES) {
        @Override
        float next(ByteBuffer bytes) {
            return (float) bytes.getDouble();
        }
    },
    /** IEEE 754 binary16: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction; every value is a float. */
    F16(Short.BYTES) {
        @Override
        float next(ByteBuffer bytes) {
            return fromHalf(bytes.getShort());
        }
    },
    /** The upper half of a float. */
    BF16(Short.BYTES) {
        @Override
        float next(ByteBuffer bytes) {
            return Float.intBitsToFloat(bytes.getShort() << Short.SIZE);
        }
    };

    private static final int HALF_FRACTION_BITS = 10;
    private static final int HALF_FRACTION = (1 << HALF_FRACTION_BITS) - 1;
    private static final int HALF_EXPONENT = 0x1f;
    private static final int HALF_SIGN = 0x8000;
    private static final int FLOAT_FRACTION_BITS = 23;
    /** 127 - 15: what the exponents' biases differ by. */
    private static final int BIAS_DIFFERENCE = 112;
    /** The smallest half above zero is 2^-24. */
    private static final float SMALLEST_HALF = 0x1p-24f;

    private final int bytes;

    TensorType(int bytes) {
        this.bytes = bytes;
    }

    /** The type of that name in a header, if it is read. */
    static Optional<TensorType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** Bytes of an element. */
    int bytes() {
        return bytes;
    }

    /** Reads one element of {@code bytes}, whose order is little-endian. */
    abstract float next(ByteBuffer bytes);

    private static float fromHalf(short half) {
        int sign = (half & HALF_SIGN) << Short.SIZE;
        int exponent = (half >> HALF_FRACTION_BITS) & HALF_EXPONENT;
        int fraction = half & HALF_FRACTION;
        if (exponent == 0) {
            float size = fraction * SMALLEST_HALF;
            return sign == 0 ? size : -size;
        }
        int wide = exponent == HALF_EXPONENT ? 0xff : exponent + BIAS_DIFFERENCE;
        int wideFraction = fraction << (FLOAT_FRACTION_BITS - HALF_FRACTION_BITS);
        return Float.intBitsToFloat(sign | (wide << FLOAT_FRACTION_BITS) | wideFraction);
    }
}
