package io.densespark.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DenseNetSpecTest {
    private static DenseNetSpec spec(int channels, int classes, int growth, List<Integer> blocks, double compression) {
        return new DenseNetSpec(channels, classes, growth, blocks, StemKind.SMALL, 2 * growth, compression, 4, 0);
    }

    private static void requireRefused(Runnable action, String... parts) {
        var refused = assertThatThrownBy(action::run).isInstanceOf(ModelException.class);
        for (String part : parts) {
            refused.hasMessageContaining(part);
        }
    }

    @Test
    void channelsOfDenseNetBc100AreThePapers() {
        DenseNetSpec spec = DenseNetSpec.bc(100, 12, 3, 10);
        assertThat(spec.blocks()).containsExactly(16, 16, 16);
        assertThat(spec.stemChannels()).isEqualTo(24);
        assertThat(spec.bottleneckChannels()).isEqualTo(48);
        assertThat(spec.blockInputChannels(0)).isEqualTo(24);
        assertThat(spec.blockOutputChannels(0)).isEqualTo(216);
        assertThat(spec.blockInputChannels(1)).isEqualTo(108);
        assertThat(spec.blockOutputChannels(1)).isEqualTo(300);
        assertThat(spec.blockInputChannels(2)).isEqualTo(150);
        assertThat(spec.outputChannels()).isEqualTo(342);
        assertThat(spec.layerInputChannels(1, 15)).isEqualTo(288);
    }

    @Test
    void compressionRoundsDownButKeepsAChannel() {
        assertThat(spec(1, 2, 3, List.of(1, 1), 0.5).blockInputChannels(1)).isEqualTo(4);
        assertThat(spec(1, 2, 1, List.of(1, 1), 0.01).blockInputChannels(1)).isEqualTo(1);
        assertThat(spec(1, 2, 3, List.of(2, 1), 1).blockInputChannels(1)).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 0, 4, 9, 11, 99, 101})
    void aDepthThatIsNotSixNPlusFourIsRefused(int depth) {
        requireRefused(() -> DenseNetSpec.bc(depth, 12, 3, 10), "depth " + depth, "6n + 4", "use such a depth");
    }

    @Test
    void fieldsOutOfRangeAreNamed() {
        requireRefused(() -> spec(0, 2, 1, List.of(1), 0.5), "input channels 0");
        requireRefused(() -> spec(1, 1, 1, List.of(1), 0.5), "classes 1", "at least 2");
        requireRefused(() -> spec(1, 2, 0, List.of(1), 0.5), "growth rate 0");
        requireRefused(() -> spec(1, 2, 1, List.of(), 0.5), "dense blocks 0");
        requireRefused(() -> spec(1, 2, 1, List.of(2, 0), 0.5), "layers of a dense block 0");
        for (double compression : new double[] {0, -0.5, 1.01, Double.NaN}) {
            requireRefused(() -> spec(1, 2, 1, List.of(1), compression), "compression " + compression);
        }
        requireRefused(() -> new DenseNetSpec(1, 2, 1, List.of(1), StemKind.SMALL, 0, 0.5, 4, 0), "stem channels 0");
        requireRefused(
                () -> new DenseNetSpec(1, 2, 1, List.of(1), StemKind.SMALL, 2, 0.5, -1, 0), "bottleneck size -1");
    }

    @Test
    void poolingDropsAnOddLastRowOrColumn() {
        assertThat(new ImageShape(7, 6).halved()).isEqualTo(new ImageShape(3, 3));
        DenseNetSpec spec = spec(1, 2, 2, List.of(1, 1, 1), 0.5);
        assertThat(spec.blockShape(new ImageShape(9, 31), 0)).isEqualTo(new ImageShape(9, 31));
        assertThat(spec.blockShape(new ImageShape(9, 31), 1)).isEqualTo(new ImageShape(4, 15));
        assertThat(spec.blockShape(new ImageShape(9, 31), 2)).isEqualTo(new ImageShape(2, 7));
    }

    @ParameterizedTest(name = "{0} blocks take {1}x{1}")
    @CsvSource({"1, 1", "2, 2", "3, 4", "4, 8"})
    void theSmallestImageThatFitsLeavesOnePixel(int blocks, int side) {
        DenseNetSpec spec = spec(1, 2, 2, java.util.Collections.nCopies(blocks, 1), 0.5);
        ImageShape image = new ImageShape(side, side);
        assertThatCode(() -> spec.requireFits(image)).doesNotThrowAnyException();
        assertThat(spec.blockShape(image, blocks - 1)).isEqualTo(new ImageShape(1, 1));
        if (side > 1) {
            requireRefused(
                    () -> spec.requireFits(new ImageShape(side, side - 1)),
                    side + "x" + (side - 1),
                    "at least " + side + "x" + side);
        }
    }

    @Test
    void anImageWithoutPixelsOrWithTooManyIsRefused() {
        requireRefused(() -> new ImageShape(0, 5), "0x5");
        requireRefused(() -> new ImageShape(5, -1), "5x-1");
        requireRefused(() -> new ImageShape(50_000, 50_000), "50000x50000");
    }
}
