package io.densespark.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
    private static final SettingValues PLACES =
            SettingValues.NONE.with(Setting.DATA, "d").with(Setting.SAVE, "s");

    @TempDir
    private Path folder;

    private SettingValues read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), text);
        return Recipe.read(file.toString(), new Configuration());
    }

    private static TrainSettings bundled(String name) throws IOException {
        return TrainSettings.of(PLACES, Recipe.read(name, new Configuration()));
    }

    @Test
    void theCifarRecipeInTheJarIsThePapers() throws IOException {
        assertThat(bundled("densenet-bc-100-12-cifar10"))
                .isEqualTo(TrainSettings.of(PLACES.with(Setting.VALID_SIZE, 5000)));
    }

    @Test
    void theBasicRecipeInTheJarIsThePapersWithoutAugmentation() throws IOException {
        TrainSettings settings = bundled("densenet-40-12-cifar10");

        assertThat(settings.network().describe()).isEqualTo("DenseNet, depth 40, growth rate 12, dropout 0.2");
        assertThat(settings.augmentation().horizontalFlip()).isFalse();
        assertThat(settings.augmentation().cropPadding()).isZero();
    }

    @Test
    void theDemosRecipeIsInTheJar() throws IOException {
        TrainSettings settings = bundled("demo-mnist");

        assertThat(settings.cluster().replicas()).hasValue(2);
        assertThat(settings.seed()).hasValue(42);
        assertThat(settings.schedule().validSize()).contains(1000);
        assertThat(settings.network()).isEqualTo(NetworkSettings.bc(22, 8));
    }

    @Test
    void theCommandLineOverridesTheRecipeAndTheRecipeTheDefaults() throws IOException {
        SettingValues recipe = read("depth: 40\ngrowth-rate: 24 # wide\n\nefficient: False\nseed: \"7\"\n");

        TrainSettings settings = TrainSettings.of(PLACES.with(Setting.DEPTH, 22).with(Setting.SEED, -3L), recipe);

        assertThat(settings.network()).isEqualTo(NetworkSettings.bc(22, 24));
        assertThat(settings.schedule().epochs()).isEqualTo(300);
        assertThat(settings.cluster().levels()).containsExactly(RecomputeLevel.NONE);
        assertThat(settings.seed()).hasValue(-3);
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
        DenseNetSpec spec =
                NetworkSettings.of(SettingValues.NONE, read("{" + lines + "}")).spec(1, 7);

        assertThat(spec.toString())
                .contains("inputChannels=1, classes=7")
                .contains(part)
                .contains(otherPart);
    }

    @Test
    void aFileFromWindowsIsARecipe() throws IOException {
        assertThat(read("\uFEFFdepth: 40\r\nflip: no\r\n"))
                .isEqualTo(SettingValues.NONE.with(Setting.DEPTH, 40).with(Setting.FLIP, false));
    }

    @Test
    void markersOfTheOneDocumentAreNoSecondDocument() throws IOException {
        assertThat(read("%YAML 1.1\n---\ndepth: 40\n...\n# the end\n"))
                .isEqualTo(SettingValues.NONE.with(Setting.DEPTH, 40));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "depth: 40\\nepochs: 2\\ndepth: 22 | , line 3: setting depth is given twice, first in line 1",
                "depth: 40\\n---\\ndepth: 22 | , line 2: a second YAML document begins here",
                "depth: 40\\n---\\n | , line 2: a second YAML document begins here",
                "'' | is empty",
                "# only words\\n | is empty",
                "--- | , line 1: a recipe has lines of the form 'key: value', and this is an empty document",
                "- depth: 40\\n- epochs: 3 | , line 1: a recipe has lines of the form 'key: value'",
                "depth | , line 1: a recipe has lines of the form 'key: value'",
                "epochs: 3\\ndepth: [1, 2] | , line 2: setting depth must have one value",
                "epochs: 3\\ndepth:\\n  of: 3 | line 3: setting depth must have one value",
                "epochs: 3\\ndepth: | , line 2: setting depth must have one value",
                "depth: ~ | , line 1: setting depth must have one value",
                "epochs: 3\\ngrowth: 12 | , line 2: unknown setting growth; known are [affine-scale, allow-plain-gradients, ",
                "epochs: 3\\nflip: maybe | , line 2: setting flip is 'maybe': it must be true or false",
                "epochs: 3\\n\\ndropout: 1 | , line 3: setting dropout is '1': it must be a number of at least 0",
                "epochs: &n 3\\nbatch-size: *n | , line 2: setting batch-size is the alias *n: write the value itself",
                "epochs: &a [&b [x, x], *b, *b]\\nseed: [*a, *a] | , line 1: setting epochs must have one value",
                "[a]: 3 | , line 1: a key must be the name of a setting",
                "epochs: 3\\ndepth: \"4 | , line 2: no valid YAML: found unexpected end",
                "epochs: 3\\n\\tdepth: 2 | , line 2: no valid YAML: ",
                "epochs: \\u0000 | : no valid YAML: "
            })
    void whatIsNoFlatYamlIsRefusedInOneLineWithItsPlace(String text, String problem) {
        String lines = text.replace("\\n", "\n").replace("\\t", "\t").replace("\\u0000", "\u0000");

        assertThatThrownBy(() -> read(lines))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("recipe ")
                .hasMessageContaining("mine.yaml")
                .hasMessageContaining(problem)
                .satisfies(error -> assertThat(error.getMessage()).hasLineCount(1));
    }

    @Test
    void aRecipeThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Recipe.read(folder.resolve("no.yaml").toString(), new Configuration()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("no.yaml");
    }

    @Test
    void aFolderIsNoRecipe() {
        assertThatThrownBy(() -> Recipe.read(folder.toString(), new Configuration()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("is a folder");
    }
}
