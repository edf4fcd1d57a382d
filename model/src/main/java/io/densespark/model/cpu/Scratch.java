package io.densespark.model.cpu;

import io.densespark.model.plan.HeapTile;

/** Heap arrays of one thread, grown to what its passes need and used again by each. */
final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    private final float[][] arrays = new float[HeapTile.COUNT][0];
    private short[] halves = new short[0];
    private TwoColumns twoColumns = new TwoColumns(0);

    private Scratch() {}

    static Scratch ofThread() {
        return OF_THREAD.get();
    }

    /** Array number {@code which}, with at least {@code length} elements of any content. */
    float[] array(int which, int length) {
        if (arrays[which].length < length) {
            arrays[which] = new float[length];
        }
        return arrays[which];
    }

    /** Numbers of bfloat16 on their way, at least {@code length}. */
    short[] halves(int length) {
        if (halves.length < length) {
            halves = new short[length];
        }
        return halves;
    }

    /** For tiles of at most so many elements. */
    TwoColumns twoColumns(int elements) {
        if (twoColumns.elements() < elements) {
            twoColumns = new TwoColumns(elements);
        }
        return twoColumns;
    }
}
