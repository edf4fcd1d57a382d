package io.densespark.model.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.densespark.model.tensor.Bfloat16;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against numbers one by one; only where the JVM has the Vector API. */
class BfloatLoopsTest {
    private static final int MOST = 70;

    private BfloatLoops loops;

    @BeforeEach
    void find() {
        assumeThat(BfloatLoops.vectorized())
                .as("--add-modules=jdk.incubator.vector")
                .isNotNull();
        loops = BfloatLoops.vectorized();
    }

    @Test
    void everyNumberIsWidenedToItsFloat() {
        short[] halves = new short[1 << 16];
        int[] expected = new int[halves.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = (short) i;
            expected[i] = Float.floatToRawIntBits(Bfloat16.toFloat((short) i));
        }
        float[] widened = new float[halves.length];

        loops.widen(halves, widened, halves.length);

        for (int i = 0; i < halves.length; i++) {
            assertThat(Float.floatToRawIntBits(widened[i])).isEqualTo(expected[i]);
        }
    }

    @Test
    void floatsOfAllSizesAndTiesAreRoundedAsOneByOne() {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[100_000];
        short[] expected = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            // Every fourth lies just between two.
            int bits = i % 4 == 0 ? (random.nextInt() & 0xffff0000) | 0x8000 : random.nextInt();
            float value = Float.intBitsToFloat(bits);
            values[i] = Float.isNaN(value) ? Float.NaN : value;
            expected[i] = Bfloat16.of(values[i]);
        }
        short[] rounded = new short[values.length];

        loops.round(values, rounded, values.length);

        assertThat(rounded).isEqualTo(expected);
    }

    @Test
    void anyCountIsTakenAndNothingBeyondItIsTouched() {
        for (int count = 0; count <= MOST; count++) {
            short[] halves = new short[MOST + 1];
            float[] values = new float[MOST + 1];
            for (int i = 0; i <= MOST; i++) {
                halves[i] = Bfloat16.of(i);
                values[i] = -i;
            }
            float[] widened = new float[MOST + 1];
            short[] rounded = new short[MOST + 1];

            loops.widen(halves, widened, count);
            loops.round(values, rounded, count);

            for (int i = 0; i <= MOST; i++) {
                assertThat(widened[i]).isEqualTo(i < count ? i : 0f);
                assertThat(Bfloat16.toFloat(rounded[i])).isEqualTo(i < count ? -i : 0f);
            }
        }
    }
}
