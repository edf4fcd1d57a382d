package io.densespark.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PresetTest {
    @Test
    void theNetworksOfThePaperHaveNames() {
        assertThat(Arrays.stream(Preset.values()).map(Preset::key))
                .containsExactlyInAnyOrder(
                        "densenet-121",
                        "densenet-161",
                        "densenet-169",
                        "densenet-201",
                        "densenet-264",
                        "densenet-40-12",
                        "densenet-100-12",
                        "densenet-100-24",
                        "densenet-bc-40-12",
                        "densenet-bc-100-12",
                        "densenet-bc-250-24",
                        "densenet-bc-190-40",
                        "densenet-bc-40-48");
    }

    /** The counts of torchvision (121 to 201) and of the paper's BC-100-12. */
    @ParameterizedTest(name = "{0} has {1} parameters")
    @CsvSource({
        "densenet-121, 7978856",
        "densenet-161, 28681000",
        "densenet-169, 14149480",
        "densenet-201, 20013928",
        "densenet-bc-100-12, 769162"
    })
    void publishedParameterCounts(String key, long parameters) {
        assertThat(ParameterLayout.of(Preset.of(key).spec()).parameterCount()).isEqualTo(parameters);
    }

    /** The paper's table 2 gives millions, rounded to a tenth. */
    @ParameterizedTest(name = "{0} has {1} million parameters")
    @CsvSource({
        "densenet-40-12, 1.0",
        "densenet-100-12, 7.0",
        "densenet-100-24, 27.2",
        "densenet-bc-100-12, 0.8",
        "densenet-bc-250-24, 15.3",
        "densenet-bc-190-40, 25.6"
    })
    void theMillionsOfThePaper(String key, double millions) {
        long parameters = ParameterLayout.of(Preset.of(key).spec()).parameterCount();

        assertThat(Math.round(parameters / 1e5) / 10.0).isEqualTo(millions);
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void theCountFollowsFromTheShapesOfTheLayers(Preset preset) {
        assertThat(ParameterLayout.of(preset.spec()).parameterCount()).isEqualTo(count(preset.spec()));
    }

    private static long count(DenseNetSpec spec) {
        int side = spec.stem() == StemKind.IMAGENET ? 7 : 3;
        long channels = spec.stemChannels();
        long sum = 3 * channels * side * side + (spec.stem() == StemKind.IMAGENET ? 2 * channels : 0);
        long k = spec.growthRate();
        for (int b = 0; b < spec.blocks().size(); b++) {
            for (int l = 0; l < spec.blocks().get(b); l++) {
                long layer = spec.bottleneckSize() == 0 ? channels * k * 9 : channels * 4 * k + 8 * k + 4 * k * k * 9;
                sum += 2 * channels + layer;
                channels += k;
            }
            boolean last = b + 1 == spec.blocks().size();
            long kept = (long) (channels * spec.compression());
            sum += last ? 2 * channels : 2 * channels + channels * kept;
            channels = last ? channels : kept;
        }
        return sum + (channels + 1) * spec.classes();
    }

    @Test
    void everyNameIsFoundAndAnUnknownOneListsThem() {
        for (Preset preset : Preset.values()) {
            assertThat(Preset.of(preset.key())).isEqualTo(preset);
        }
        assertThatThrownBy(() -> Preset.of("densenet-122"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("densenet-122")
                .hasMessageContaining("densenet-121, densenet-161")
                .hasMessageContaining("densenet-bc-250-24");
    }

    @Test
    void namesAreThoseOfTheConstantsWithDashes() {
        assertThat(Arrays.stream(Preset.values()).map(Preset::key))
                .containsExactlyElementsOf(Arrays.stream(Preset.values())
                        .map(preset ->
                                preset.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
                        .toList());
    }
}
