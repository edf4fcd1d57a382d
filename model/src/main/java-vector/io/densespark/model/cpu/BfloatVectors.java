package io.densespark.model.cpu;

import io.densespark.model.tensor.Bfloat16;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** As many numbers an instruction as a register of floats holds; the JIT's own vector code takes no shorts for floats. */
final class BfloatVectors implements BfloatLoops {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> BITS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> HALVES =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

    private static final int HALF = 16;
    private static final int JUST_BELOW_HALF = 0x7fff;

    @Override
    public void widen(short[] halves, float[] into, int count) {
        int bound = FLOATS.loopBound(count);
        for (int i = 0; i < bound; i += FLOATS.length()) {
            ((IntVector) ShortVector.fromArray(HALVES, halves, i).convertShape(VectorOperators.S2I, BITS, 0))
                    .lanewise(VectorOperators.LSHL, HALF)
                    .reinterpretAsFloats()
                    .intoArray(into, i);
        }
        for (int i = bound; i < count; i++) {
            into[i] = Bfloat16.toFloat(halves[i]);
        }
    }

    @Override
    public void round(float[] values, short[] into, int count) {
        int bound = FLOATS.loopBound(count);
        for (int i = 0; i < bound; i += FLOATS.length()) {
            IntVector bits = FloatVector.fromArray(FLOATS, values, i).reinterpretAsInts();
            IntVector odd = bits.lanewise(VectorOperators.LSHR, HALF).and(1);
            IntVector upper = bits.add(JUST_BELOW_HALF).add(odd).lanewise(VectorOperators.LSHR, HALF);
            ((ShortVector) upper.convertShape(VectorOperators.I2S, HALVES, 0)).intoArray(into, i);
        }
        for (int i = bound; i < count; i++) {
            into[i] = Bfloat16.of(values[i]);
        }
    }
}
