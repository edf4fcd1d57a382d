package io.densespark.benchmark.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.tensor.Precision;
import java.util.function.BiConsumer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One call of each pass as JMH makes them, of a layer with 2,048 pixels, 240 inputs and a growth rate of 12. */
class PassBenchmarkTest {
    private static final Offset<Double> NEXT_TO_NOTHING = within(1e-9);
    private static final int ROWS = 2048;
    private static final int INPUTS = 240;
    private static final int BOTTLENECK = 48;
    private static final int GROWTH = 12;

    private final PassBenchmark passes = new PassBenchmark();
    private final PassState state = new PassState();

    @AfterEach
    void free() {
        state.free();
    }

    private void layer(Precision precision) {
        state.shape = PassShape.BC_100_12_BLOCK_3;
        state.precision = precision;
        state.allocate();
    }

    private double bytes(BiConsumer<PassState, PassWork> pass) {
        PassWork work = new PassWork();
        pass.accept(state, work);
        return work.GB * 1e9;
    }

    private PassWork.OfProducts products(BiConsumer<PassState, PassWork.OfProducts> pass) {
        PassWork.OfProducts work = new PassWork.OfProducts();
        pass.accept(state, work);
        return work;
    }

    @Test
    void passesOverFloatsCountFourBytesForEachElementOfTheirOperands() {
        layer(Precision.FP32);

        assertThat(bytes(passes::copy)).isCloseTo(4.0 * ROWS * 2 * INPUTS, NEXT_TO_NOTHING);
        assertThat(bytes(passes::normalizeRelu)).isCloseTo(4.0 * ROWS * 2 * INPUTS, NEXT_TO_NOTHING);
        assertThat(bytes(passes::reluBackwardAccumulate)).isCloseTo(4.0 * ROWS * 3 * INPUTS, NEXT_TO_NOTHING);
        assertThat(bytes(passes::reluBackwardOverwrite)).isCloseTo(4.0 * ROWS * 3 * BOTTLENECK, NEXT_TO_NOTHING);
        assertThat(bytes(passes::columnMoments)).isCloseTo(4.0 * ROWS * BOTTLENECK, NEXT_TO_NOTHING);
        assertThat(bytes(passes::finishGradientOfBottleneck)).isCloseTo(4.0 * ROWS * 3 * BOTTLENECK, NEXT_TO_NOTHING);
        assertThat(bytes(passes::finishGradientOfGrowth)).isCloseTo(4.0 * ROWS * 3 * GROWTH, NEXT_TO_NOTHING);
        assertThat(bytes(passes::averagePool)).isCloseTo(4.0 * ROWS * BOTTLENECK * 5 / 4, NEXT_TO_NOTHING);
    }

    @Test
    void passesOverBfloat16CountTwoBytesButFourForWhatIsAccumulated() {
        layer(Precision.BF16);

        assertThat(bytes(passes::normalizeRelu)).isCloseTo(2.0 * ROWS * 2 * INPUTS, NEXT_TO_NOTHING);
        assertThat(bytes(passes::reluBackwardAccumulate)).isCloseTo((2.0 + 2 + 4) * ROWS * INPUTS, NEXT_TO_NOTHING);
    }

    @Test
    void productsAndConvolutionsCountTwoOperationsForEachMultiplicationAndAddition() {
        layer(Precision.FP32);

        double point = 2e-9 * ROWS * INPUTS * BOTTLENECK;
        assertThat(products(passes::multiply).GF).isCloseTo(point, NEXT_TO_NOTHING);
        assertThat(products(passes::multiplyBackward).GF).isCloseTo(2 * point, NEXT_TO_NOTHING);
        double image = 18e-9 * ROWS * BOTTLENECK * GROWTH;
        assertThat(products(passes::convolve).GF).isCloseTo(image, NEXT_TO_NOTHING);
        assertThat(products(passes::convolutionBackward).GF).isCloseTo(2 * image, NEXT_TO_NOTHING);
    }
}
