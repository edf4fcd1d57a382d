package io.densespark.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import io.densespark.model.network.NetworkSummary.Kind;
import io.densespark.model.network.NetworkSummary.Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkSummaryTest {
    /** Parameters as torchvision has them; multiply-adds in units of 10^9 as its documentation of the weights has them. */
    @ParameterizedTest
    @CsvSource({
        "densenet-121, 7978856, 2.83",
        "densenet-161, 28681000, 7.73",
        "densenet-169, 14149480, 3.36",
        "densenet-201, 20013928, 4.29"
    })
    void imageNetNetworksHaveTheirKnownSizes(String preset, long parameters, double billions) {
        NetworkSummary summary = NetworkSummary.of(Preset.of(preset).spec(), new ImageShape(224, 224));
        assertThat(summary.parameters()).isEqualTo(parameters);
        assertThat(Math.round(summary.multiplyAdds() / 1e7) / 100.0).isEqualTo(billions);
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void everyParameterIsCountedOnce(Preset preset) {
        NetworkSummary summary = NetworkSummary.of(preset.spec(), new ImageShape(64, 64));
        assertThat(summary.parameters())
                .isEqualTo(ParameterLayout.of(preset.spec()).parameterCount());
    }

    @Test
    void theLayersOfASmallNetworkAreThoseOfAHandCount() {
        // Stem 8 of 3 channels, layers of growth 4 with bottleneck 16, transition 12 to 6, images of 9x5.
        DenseNetSpec spec = new DenseNetSpec(3, 7, 4, java.util.List.of(1, 1), StemKind.SMALL, 8, 0.5, 4, 0);
        ImageShape full = new ImageShape(9, 5);
        ImageShape half = new ImageShape(4, 2);
        ImageShape pixel = new ImageShape(1, 1);
        assertThat(NetworkSummary.of(spec, full).layers())
                .containsExactly(
                        new Layer("features.conv0", Kind.CONVOLUTION, 8, full, 216, 216 * 45),
                        new Layer("features.denseblock1.denselayer1.norm1", Kind.NORM_RELU, 8, full, 16, 0),
                        new Layer("features.denseblock1.denselayer1.conv1", Kind.CONVOLUTION, 16, full, 128, 128 * 45),
                        new Layer("features.denseblock1.denselayer1.norm2", Kind.NORM_RELU, 16, full, 32, 0),
                        new Layer("features.denseblock1.denselayer1.conv2", Kind.CONVOLUTION, 4, full, 576, 576 * 45),
                        new Layer("features.denseblock1.denselayer1", Kind.CONCATENATION, 12, full, 0, 0),
                        new Layer("features.transition1.norm", Kind.NORM_RELU, 12, full, 24, 0),
                        new Layer("features.transition1.conv", Kind.CONVOLUTION, 6, full, 72, 72 * 45),
                        new Layer("features.transition1.pool", Kind.AVERAGE_POOL, 6, half, 0, 0),
                        new Layer("features.denseblock2.denselayer1.norm1", Kind.NORM_RELU, 6, half, 12, 0),
                        new Layer("features.denseblock2.denselayer1.conv1", Kind.CONVOLUTION, 16, half, 96, 96 * 8),
                        new Layer("features.denseblock2.denselayer1.norm2", Kind.NORM_RELU, 16, half, 32, 0),
                        new Layer("features.denseblock2.denselayer1.conv2", Kind.CONVOLUTION, 4, half, 576, 576 * 8),
                        new Layer("features.denseblock2.denselayer1", Kind.CONCATENATION, 10, half, 0, 0),
                        new Layer("features.norm5", Kind.NORM_RELU, 10, half, 20, 0),
                        new Layer("features.pool5", Kind.AVERAGE_POOL, 10, pixel, 0, 0),
                        new Layer("classifier", Kind.LINEAR, 7, pixel, 77, 70));
    }

    @Test
    void anImageNetStemHalvesTwice() {
        NetworkSummary summary = NetworkSummary.of(Preset.DENSENET_121.spec(), new ImageShape(224, 160));
        assertThat(summary.layers().get(0).shape()).isEqualTo(new ImageShape(112, 80));
        assertThat(summary.layers().get(2))
                .isEqualTo(new Layer("features.pool0", Kind.MAX_POOL, 64, new ImageShape(56, 40), 0, 0));
    }

    @Test
    void imagesThatAreTooSmallAreRefused() {
        assertThatThrownBy(() -> NetworkSummary.of(Preset.DENSENET_121.spec(), new ImageShape(16, 16)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("16x16");
    }
}
