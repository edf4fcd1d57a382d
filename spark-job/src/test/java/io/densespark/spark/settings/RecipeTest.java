package io.densespark.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.memory.RecomputeLevel;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                        "d", "s", 100, 12, 300, 64, 0.1, 0.9, 1e-4, 5000, 4, true, true, null, null, 1800, 3));
        assertThat(settings.level()).isEqualTo(RecomputeLevel.ACTIVATIONS);
        assertThat(settings.seed()).isEmpty();
        assertThat(settings.replicas()).isEmpty();
    }

    @Test
    void theCifarRecipeInTheJarIsThePapers() {
        Map<String, String> recipe = Recipe.read("densenet-bc-100-12-cifar10", new Configuration());

        assertThat(Recipe.settings(PLACES, recipe)).isEqualTo(Recipe.settings(PLACES, Map.of()));
    }

    @Test
    void theDemosRecipeIsInTheJar() {
        Map<String, String> recipe = Recipe.read("demo-mnist", new Configuration());

        TrainSettings settings = Recipe.settings(PLACES, recipe);
        assertThat(settings.replicas()).hasValue(2);
        assertThat(settings.seed()).hasValue(42);
        assertThat(settings.validSize()).isEqualTo(1000);
        assertThat(settings.growthRate()).isGreaterThanOrEqualTo(8);
        assertThat(settings.depth()).isGreaterThanOrEqualTo(22);
    }

    @Test
    void theCommandLineOverridesTheRecipeAndTheRecipeTheDefaults() throws IOException {
        Path file = Files.writeString(folder.resolve("r.yaml"), "depth: 40\ngrowth-rate: 24\nefficient: false\n");
        Map<String, String> recipe = Recipe.read(file.toString(), new Configuration());

        TrainSettings settings = Recipe.settings(Map.of("data", "d", "save", "s", "depth", "22", "seed", "-3"), recipe);

        assertThat(settings.depth()).isEqualTo(22);
        assertThat(settings.growthRate()).isEqualTo(24);
        assertThat(settings.epochs()).isEqualTo(300);
        assertThat(settings.level()).isEqualTo(RecomputeLevel.NONE);
        assertThat(settings.seed()).hasValue(-3);
    }

    @ParameterizedTest
    @CsvSource({
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
