package io.densespark.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterLayoutTest {
    private static final DenseNetSpec SMALL = new DenseNetSpec(2, 5, 3, List.of(1, 1), StemKind.SMALL, 6, 0.5, 4, 0);

    @ParameterizedTest(name = "DenseNet-BC {0}, growth {1}, {2} channels, {3} classes")
    @CsvSource({"100, 12, 3, 10, 769162", "22, 8, 1, 10, 32318"})
    void theNumberOfParametersIsTheKnownOne(int depth, int growth, int channels, int classes, long expected) {
        assertThat(ParameterLayout.of(DenseNetSpec.bc(depth, growth, channels, classes))
                        .parameterCount())
                .isEqualTo(expected);
    }

    @Test
    void parametersHavePyTorchsNamesShapesAndOrder() {
        assertThat(ParameterLayout.of(SMALL).parameters())
                .extracting(p -> p.name() + " " + p.shape())
                .containsExactly(
                        "features.conv0.weight [6, 2, 3, 3]",
                        "features.denseblock1.denselayer1.norm1.weight [6]",
                        "features.denseblock1.denselayer1.norm1.bias [6]",
                        "features.denseblock1.denselayer1.conv1.weight [12, 6, 1, 1]",
                        "features.denseblock1.denselayer1.norm2.weight [12]",
                        "features.denseblock1.denselayer1.norm2.bias [12]",
                        "features.denseblock1.denselayer1.conv2.weight [3, 12, 3, 3]",
                        "features.transition1.norm.weight [9]",
                        "features.transition1.norm.bias [9]",
                        "features.transition1.conv.weight [4, 9, 1, 1]",
                        "features.denseblock2.denselayer1.norm1.weight [4]",
                        "features.denseblock2.denselayer1.norm1.bias [4]",
                        "features.denseblock2.denselayer1.conv1.weight [12, 4, 1, 1]",
                        "features.denseblock2.denselayer1.norm2.weight [12]",
                        "features.denseblock2.denselayer1.norm2.bias [12]",
                        "features.denseblock2.denselayer1.conv2.weight [3, 12, 3, 3]",
                        "features.norm5.weight [7]",
                        "features.norm5.bias [7]",
                        "classifier.weight [5, 7]",
                        "classifier.bias [5]");
    }

    @Test
    void everyNormHasAMeanAndAVariance() {
        assertThat(ParameterLayout.of(SMALL).runningStatistics())
                .extracting(p -> p.kind() + " " + p.name())
                .startsWith(
                        "RUNNING_MEAN features.denseblock1.denselayer1.norm1.running_mean",
                        "RUNNING_VARIANCE features.denseblock1.denselayer1.norm1.running_var")
                .endsWith("RUNNING_MEAN features.norm5.running_mean", "RUNNING_VARIANCE features.norm5.running_var")
                .hasSize(12);
    }

    @Test
    void tensorsLieOneBehindTheOther() {
        ParameterLayout layout = ParameterLayout.of(DenseNetSpec.bc(40, 12, 3, 10));
        requireContiguous(layout.parameters(), layout.parameterCount());
        requireContiguous(layout.runningStatistics(), layout.runningCount());
    }

    private static void requireContiguous(List<Parameter> tensors, long count) {
        long offset = 0;
        for (Parameter tensor : tensors) {
            assertThat(tensor.offset()).as(tensor.name()).isEqualTo(offset);
            offset += tensor.elements();
        }
        assertThat(count).isEqualTo(offset);
    }

    @Test
    void aTensorIsFoundByItsName() {
        ParameterLayout layout = ParameterLayout.of(SMALL);
        assertThat(layout.get("classifier.bias").kind()).isEqualTo(Parameter.Kind.LINEAR_BIAS);
        assertThat(layout.get("features.norm5.running_var").elements()).isEqualTo(7);
        assertThatThrownBy(() -> layout.get("features.norm0.weight")).hasMessageContaining("features.norm0.weight");
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000, 1_000_000, 1_000_000_000})
    void aNetworkWithATensorThatNoArrayHoldsIsRefused(int growthRate) {
        DenseNetSpec spec = DenseNetSpec.bc(40, growthRate, 3, 10);

        assertThatThrownBy(() -> ParameterLayout.of(spec))
                .isInstanceOf(ModelException.class)
                .hasMessageMatching("parameter features\\.\\S+ of shape \\[.*] has more than 2147483647 values.*");
    }
}
