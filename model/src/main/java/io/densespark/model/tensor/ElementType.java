package io.densespark.model.tensor;

/** What a native buffer holds. */
public enum ElementType {
    FLOAT(4),
    /** The upper half of a float. */
    BFLOAT16(2),
    DOUBLE(8);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
