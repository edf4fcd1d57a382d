package io.densespark.model.cpu;

import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;

/** Conversions of many numbers between bfloat16 and float, in the order in which they lie. */
interface BfloatLoops {
    /** {@code into[i]} becomes {@code halves[i]}, exactly, for the first {@code count}. */
    void widen(short[] halves, float[] into, int count);

    /** {@code into[i]} becomes the number nearest to {@code values[i]}, ties to even; what arithmetic makes of numbers that are none stays none. */
    void round(float[] values, short[] into, int count);

    /**
     * Those by the Vector API, which Java 17 to 25 have as an incubating module; null where the JVM was started without it. It is
     * compiled by itself, and nothing else may name it: it can't be loaded without the module.
     */
    static @Nullable BfloatLoops vectorized() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return null;
        }
        try {
            Constructor<?> constructor = Class.forName(BfloatLoops.class.getPackageName() + ".BfloatVectors")
                    .getDeclaredConstructor();
            return (BfloatLoops) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this jar was built without BfloatVectors", e);
        }
    }
}
