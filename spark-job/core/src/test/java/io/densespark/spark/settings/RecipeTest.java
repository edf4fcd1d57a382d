package io.densespark.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
    private static final Map<String, String> PLACES = Map.of("data", "d", "save", "s");

    @TempDir
    private Path folder;

    @Test
    void theDefaultsAreThePapersRecipe() {
        TrainSettings settings = Recipe.settings(PLACES, Map.of());

        assertThat(settings)
                .isEqualTo(new TrainSettings(
                        "d",
                        "s",
                        NetworkSettings.bc(100, 12),
                        300,
                        64,
                        0.1,
                        0.9,
                        1e-4,
                        5000,
                        4,
                        true,
                        RecomputeLevel.ACTIVATIONS,
                        null,
                        null,
                        null,
                        1800,
                        3));
        assertThat(settings.levels()).containsExactly(RecomputeLevel.ACTIVATIONS);
        assertThat(settings.init()).isEmpty();
        assertThat(settings.seed()).isEmpty();
        assertThat(settings.replicas()).isEmpty();
    }

    @Test
    void theCifarRecipeInTheJarIsThePapers() {
        Map<String, String> recipe = Recipe.read("densenet-bc-100-12-cifar10", new Configuration());

        assertThat(Recipe.settings(PLACES, recipe)).isEqualTo(Recipe.settings(PLACES, Map.of()));
    }

    @Test
    void theBasicRecipeInTheJarIsThePapersWithoutAugmentation() {
        TrainSettings settings = Recipe.settings(PLACES, Recipe.read("densenet-40-12-cifar10", new Configuration()));

        assertThat(settings.network().describe()).isEqualTo("DenseNet, depth 40, growth rate 12, dropout 0.2");
        assertThat(settings.flip()).isFalse();
        assertThat(settings.cropPadding()).isZero();
    }

    @Test
    void theDemosRecipeIsInTheJar() {
        Map<String, String> recipe = Recipe.read("demo-mnist", new Configuration());

        TrainSettings settings = Recipe.settings(PLACES, recipe);
        assertThat(settings.replicas()).hasValue(2);
        assertThat(settings.seed()).hasValue(42);
        assertThat(settings.validSize()).isEqualTo(1000);
        assertThat(settings.network().growthRate()).isGreaterThanOrEqualTo(8);
        assertThat(settings.network().depth()).isGreaterThanOrEqualTo(22);
    }

    @Test
    void theCommandLineOverridesTheRecipeAndTheRecipeTheDefaults() throws IOException {
        Path file = Files.writeString(folder.resolve("r.yaml"), "depth: 40\ngrowth-rate: 24\nefficient: false\n");
        Map<String, String> recipe = Recipe.read(file.toString(), new Configuration());

        TrainSettings settings = Recipe.settings(Map.of("data", "d", "save", "s", "depth", "22", "seed", "-3"), recipe);

        assertThat(settings.network().depth()).isEqualTo(22);
        assertThat(settings.network().growthRate()).isEqualTo(24);
        assertThat(settings.epochs()).isEqualTo(300);
        assertThat(settings.levels()).containsExactly(RecomputeLevel.NONE);
        assertThat(settings.seed()).hasValue(-3);
    }

    private static List<RecomputeLevel> levels(Map<String, String> commandLine, Map<String, String> recipe) {
        Map<String, String> overrides = new HashMap<>(PLACES);
        overrides.putAll(commandLine);
        return Recipe.settings(overrides, recipe).levels();
    }

    @Test
    void everyRecomputeLevelHasItsNameAndAutoTriesTheFastestFirst() {
        for (RecomputeLevel level : RecomputeLevel.values()) {
            assertThat(levels(Map.of("recompute", level.toString()), Map.of())).containsExactly(level);
        }
        assertThat(levels(Map.of("recompute", "auto"), Map.of()))
                .containsExactly(RecomputeLevel.NONE, RecomputeLevel.ACTIVATIONS, RecomputeLevel.BOTTLENECK);
    }

    @Test
    void efficientIsTheOlderNameOfALevel() {
        assertThat(levels(Map.of("efficient", "false"), Map.of())).containsExactly(RecomputeLevel.NONE);
        assertThat(levels(Map.of("efficient", "true"), Map.of())).containsExactly(RecomputeLevel.ACTIVATIONS);
        assertThat(levels(Map.of("efficient", "false", "recompute", "none"), Map.of()))
                .containsExactly(RecomputeLevel.NONE);
        assertThat(levels(Map.of("efficient", "true", "recompute", "bottleneck"), Map.of()))
                .containsExactly(RecomputeLevel.BOTTLENECK);
    }

    @Test
    void theCommandLinesLevelOverridesTheRecipesByWhicheverName() {
        assertThat(levels(Map.of("recompute", "none"), Map.of("efficient", "true")))
                .containsExactly(RecomputeLevel.NONE);
        assertThat(levels(Map.of("efficient", "false"), Map.of("recompute", "bottleneck")))
                .containsExactly(RecomputeLevel.NONE);
    }

    @ParameterizedTest
    @CsvSource({"false, activations", "false, bottleneck", "false, auto", "true, none"})
    void efficientAndRecomputeMustNotContradictEachOther(String efficient, String recompute) {
        assertThatThrownBy(() -> levels(Map.of("efficient", efficient, "recompute", recompute), Map.of()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("efficient " + efficient + " and recompute " + recompute + " contradict");
    }

    @Test
    void theWeightsToBeginWithArePartOfARunsIdentity() {
        TrainSettings settings =
                Recipe.settings(Map.of("data", "d", "save", "s", "init", "hdfs://there/model"), Map.of());
        assertThat(settings.init()).hasValue("hdfs://there/model");
        assertThat(settings.identity()).containsEntry("init", "hdfs://there/model");
        assertThat(settings.decided(1, 2).init()).hasValue("hdfs://there/model");
        assertThat(Recipe.settings(PLACES, Map.of()).identity()).containsEntry("init", "none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "preset: densenet-121 | stem=imagenet, stemChannels=64 | blocks=[6, 12, 24, 16]",
                "preset: densenet-40-12, dropout: 0.2 | bottleneckSize=0, dropout=0.2 | blocks=[12, 12, 12]",
                "depth: 40, bottleneck: false | stemChannels=16, compression=1.0, bottleneckSize=0 | growthRate=12",
                "'block-config: ''3,4'', growth-rate: 8' | blocks=[3, 4], stem=small, stemChannels=16 | bottleneckSize=4",
                "'block-config: ''3, 4'', stem: imagenet, compression: 0.7' | stem=imagenet, stemChannels=24 | ion=0.7"
            })
    void aNetworkOfAnyKindCanBeAskedFor(String lines, String part, String otherPart) throws IOException {
        String yaml = "{" + lines + "}";
        Path file = Files.writeString(folder.resolve("net.yaml"), yaml);
        Map<String, String> recipe = Recipe.read(file.toString(), new Configuration());

        DenseNetSpec spec = Recipe.settings(PLACES, recipe).network().spec(1, 7);

        assertThat(spec.toString())
                .contains("inputChannels=1, classes=7")
                .contains(part)
                .contains(otherPart);
    }

    @Test
    void aPresetOnTheCommandLineOverridesTheRecipesNetwork() {
        Map<String, String> recipe = Map.of("depth", "40", "growth-rate", "24", "dropout", "0.1");
        Map<String, String> preset = Map.of("data", "d", "save", "s", "preset", "densenet-169");

        assertThat(Recipe.settings(preset, recipe).network().describe()).isEqualTo("densenet-169, dropout 0.1");
    }

    @Test
    void aDepthOnTheCommandLineOverridesTheRecipesPreset() {
        Map<String, String> depth = Map.of("data", "d", "save", "s", "depth", "22");

        assertThat(Recipe.settings(depth, Map.of("preset", "densenet-169"))
                        .network()
                        .describe())
                .isEqualTo("DenseNet-BC, depth 22, growth rate 12");
    }

    @ParameterizedTest
    @CsvSource({
        "preset, densenet-121, depth, 100",
        "preset, densenet-121, growth-rate, 12",
        "preset, densenet-121, bottleneck, true",
        "preset, densenet-121, compression, 0.5",
        "preset, densenet-121, stem, imagenet",
        "preset, densenet-121, block-config, 6",
        "block-config, 6, depth, 40"
    })
    void contradictionsAreNamed(String key, String value, String other, String otherValue) {
        Map<String, String> both = Map.of("data", "d", "save", "s", key, value, other, otherValue);
        Map<String, String> network = Map.of(key, value, other, otherValue);

        for (TrainAttempt attempt :
                List.<TrainAttempt>of(() -> Recipe.settings(both, Map.of()), () -> Recipe.settings(PLACES, network))) {
            assertThatThrownBy(attempt::run)
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining(key + " and " + other);
        }
    }

    private interface TrainAttempt {
        void run();
    }

    @ParameterizedTest
    @CsvSource({
        "preset, densenet-122, densenet-121",
        "depth, 41, 6n + 4",
        "dropout, 1, below 1",
        "compression, 0, above 0",
        "stem, big, small or imagenet",
        "block-config, 6-12, whole numbers",
        "block-config, 0, at least 1"
    })
    void aNetworkThatCannotBeIsNamed(String key, String value, String problem) {
        assertThatThrownBy(() -> Recipe.settings(Map.of("data", "d", "save", "s", key, value), Map.of()))
                .hasMessageContaining(value)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "recompute, everything, 'one of none, activations, bottleneck, auto'",
        "epochs, 0, at least 1",
        "batch-size, 0, at least 1",
        "valid-size, -1, at least 0",
        "max-failures, -1, at least 0",
        "collective-timeout, 0, at least 1",
        "replicas, 0, at least 1",
        "replicas, 65, batch-size 64 is less than the 65 replicas",
        "flip, yes, true or false",
        "seed, now, whole number",
        "learning-rate, fast, a number"
    })
    void aValueOutOfRangeIsNamed(String key, String value, String problem) {
        assertThatThrownBy(() -> Recipe.settings(Map.of("data", "d", "save", "s", key, value), Map.of()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value)
                .hasMessageContaining(problem);
    }

    @Test
    void aRecipeThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Recipe.read(folder.resolve("no.yaml").toString(), new Configuration()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("no.yaml");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "depth: [1, 2] | must have one value",
                "'- depth' | no lines of the form",
                "'depth: {' | no valid YAML"
            })
    void aRecipeThatIsNoFlatYamlIsRefused(String text, String problem) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), text);

        assertThatThrownBy(() -> Recipe.read(file.toString(), new Configuration()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("bad.yaml")
                .hasMessageContaining(problem);
    }
}
