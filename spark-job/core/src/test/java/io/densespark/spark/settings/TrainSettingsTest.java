package io.densespark.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.augment.ColorJitter;
import io.densespark.data.augment.RandomAffine;
import io.densespark.data.augment.RandomResizedCrop;
import io.densespark.data.batch.Augmentation;
import io.densespark.model.collective.PortRange;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.Preset;
import io.densespark.model.optimizer.Sgd;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import io.densespark.spark.rank.Connections;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainSettingsTest {
    private static final SettingValues PLACES =
            SettingValues.NONE.with(Setting.DATA, "d").with(Setting.SAVE, "s");

    /** The settings of a command line with the places and these options. */
    private static TrainSettings settings(String... keysAndValues) {
        return settings(options(keysAndValues), SettingValues.NONE);
    }

    private static TrainSettings settings(SettingValues options, SettingValues recipe) {
        SettingValues places = options.with(Setting.DATA, "d").with(Setting.SAVE, "s");
        return TrainSettings.of(places, recipe);
    }

    private static SettingValues options(String... keysAndValues) {
        Map<String, String> text = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            text.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return SettingValues.parse(text);
    }

    @Test
    void theDefaultsAreThePapersRecipe() {
        TrainSettings settings = TrainSettings.of(PLACES);

        assertThat(settings.places()).isEqualTo(new Places("d", "s", Optional.empty()));
        assertThat(settings.network()).isEqualTo(NetworkSettings.bc(100, 12));
        assertThat(settings.network().spec()).isEqualTo(DenseNetSpec.bc(100, 12, 3, 10));
        assertThat(settings.schedule()).isEqualTo(new Schedule(300, 64, new Sgd(0.1, 0.9, 1e-4), Optional.empty()));
        assertThat(settings.schedule().validSize(300)).isEqualTo(30);
        assertThat(settings.schedule().validSize(1_281_167)).isEqualTo(5000);
        assertThat(settings.augmentation()).isEqualTo(new Augmentation(4, true));
        assertThat(settings.cluster())
                .isEqualTo(new ClusterSettings(
                        List.of(RecomputeLevel.ACTIVATIONS),
                        Precision.TF32,
                        false,
                        OptionalInt.empty(),
                        new Elasticity(OptionalInt.empty(), Duration.ofMinutes(2)),
                        Connections.within(Duration.ofMinutes(30)),
                        3));
        assertThat(settings.checkpoints()).isEqualTo(new CheckpointSettings(0, Duration.ofMinutes(10), 2));
        assertThat(settings.seed()).isEmpty();
    }

    @Test
    void aMissingPlaceIsNamedWithItsOption() {
        assertThatThrownBy(() -> TrainSettings.of(options("save", "s")))
                .isInstanceOf(JobException.class)
                .hasMessage("setting data is missing: give --data URI");
    }

    /** Checkpoints that are there were written with exactly this. */
    @Test
    void theIdentityOfARunIsWhatEarlierReleasesWroteIntoCheckpoints() {
        assertThat(settings("depth", "22", "flip", "False").identity())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("block-config", "[3, 3, 3]"),
                        Map.entry("growth-rate", "12"),
                        Map.entry("bottleneck", "true"),
                        Map.entry("compression", "0.5"),
                        Map.entry("stem", "small"),
                        Map.entry("dropout", "0.0"),
                        Map.entry("epochs", "300"),
                        Map.entry("batch-size", "64"),
                        Map.entry("learning-rate", "0.1"),
                        Map.entry("momentum", "0.9"),
                        Map.entry("weight-decay", "1.0E-4"),
                        Map.entry("crop-padding", "4"),
                        Map.entry("flip", "false"),
                        Map.entry("init", "none")));
    }

    @Test
    void randomChangesAreOffUnlessAskedForAndPartOfARunsIdentityThen() {
        TrainSettings settings =
                settings("random-resized-crop", "true", "rotation", "15", "brightness", "0.4", "affine-scale", "0.2");

        assertThat(settings.augmentation())
                .isEqualTo(new Augmentation(
                        new RandomResizedCrop(0.08),
                        0,
                        true,
                        new RandomAffine(15, 0, 0.2, 0),
                        new ColorJitter(0.4, 0, 0)));
        assertThat(settings.identity())
                .containsEntry("crop-padding", "0")
                .containsEntry("crop-scale", "0.08")
                .containsEntry("rotation", "15.0")
                .containsEntry("affine-scale", "0.2")
                .containsEntry("brightness", "0.4")
                .doesNotContainKeys("translate", "shear", "contrast", "saturation");
        assertThat(TrainSettings.of(settings.values())).isEqualTo(settings);
    }

    @Test
    void twoKindsOfCropContradictEachOther() {
        assertThat(settings("random-resized-crop", "true", "crop-padding", "0")
                        .augmentation()
                        .resizedCrop()
                        .isNone())
                .isFalse();
        assertThatThrownBy(() -> settings("random-resized-crop", "true", "crop-padding", "2"))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("random-resized-crop and crop-padding 2 contradict each other");
    }

    @Test
    void theWeightsToBeginWithArePartOfARunsIdentity() {
        TrainSettings settings = settings("init", "hdfs://there/model");

        assertThat(settings.places().init()).hasValue("hdfs://there/model");
        assertThat(settings.identity()).containsEntry("init", "hdfs://there/model");
        assertThat(settings.decided(1, 2).places().init()).hasValue("hdfs://there/model");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preset=densenet-161 dropout=0.2 seed=-3 replicas=2 init=w",
                "preset=densenet-40-12",
                "block-config=3,4,5 growth-rate=7 bottleneck=false compression=0.7 stem=imagenet recompute=auto",
                "random-resized-crop=true crop-scale=0.3 rotation=7 translate=0.1 shear=3 saturation=1 contrast=0.2",
                "depth=22 efficient=false learning-rate=0.07 collective-timeout=5 max-failures=0",
                "checkpoint-steps=20 checkpoint-minutes=0 keep-checkpoints=5 peer-timeout=7"
            })
    void settingsArriveAsTheySetOut(String options) throws IOException, ClassNotFoundException {
        TrainSettings settings = settings(options.split("[ =]"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(settings);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(settings);
        }
    }

    private static List<RecomputeLevel> levels(SettingValues options, SettingValues recipe) {
        return settings(options, recipe).cluster().levels();
    }

    @Test
    void everyRecomputeLevelHasItsNameAndAutoTriesTheFastestFirst() {
        for (RecomputeLevel level : RecomputeLevel.values()) {
            assertThat(Setting.RECOMPUTE.parse(level.toString())).containsExactly(level);
        }
        assertThat(Setting.RECOMPUTE.parse("auto"))
                .containsExactly(RecomputeLevel.NONE, RecomputeLevel.ACTIVATIONS, RecomputeLevel.BOTTLENECK);
    }

    @Test
    void efficientIsTheOlderNameOfALevel() {
        assertThat(levels(options("efficient", "false"), SettingValues.NONE)).containsExactly(RecomputeLevel.NONE);
        assertThat(levels(options("efficient", "true"), SettingValues.NONE))
                .containsExactly(RecomputeLevel.ACTIVATIONS);
        assertThat(levels(options("efficient", "false", "recompute", "none"), SettingValues.NONE))
                .containsExactly(RecomputeLevel.NONE);
        assertThat(levels(options("efficient", "true", "recompute", "bottleneck"), SettingValues.NONE))
                .containsExactly(RecomputeLevel.BOTTLENECK);
    }

    @Test
    void theCommandLinesLevelOverridesTheRecipesByWhicheverName() {
        assertThat(levels(options("recompute", "none"), options("efficient", "true")))
                .containsExactly(RecomputeLevel.NONE);
        assertThat(levels(options("efficient", "false"), options("recompute", "bottleneck")))
                .containsExactly(RecomputeLevel.NONE);
        assertThat(levels(options("epochs", "2"), options("recompute", "bottleneck")))
                .containsExactly(RecomputeLevel.BOTTLENECK);
    }

    @ParameterizedTest
    @CsvSource({"false, activations", "false, bottleneck", "false, auto", "true, none"})
    void efficientAndRecomputeMustNotContradictEachOther(String efficient, String recompute) {
        assertThatThrownBy(() -> settings("efficient", efficient, "recompute", recompute))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("efficient " + efficient + " and recompute " + recompute + " contradict");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "True", "TRUE", "yes", "on", "1"})
    void trueIsWrittenAsInPythonYamlOrJava(String text) {
        assertThat(Setting.EFFICIENT.parse(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "False", "FALSE", "No", "off", "0"})
    void falseIsWrittenAsInPythonYamlOrJava(String text) {
        assertThat(Setting.EFFICIENT.parse(text)).isFalse();
    }

    @Test
    void aPresetOnTheCommandLineOverridesTheRecipesNetwork() {
        SettingValues recipe = options("depth", "40", "growth-rate", "24", "dropout", "0.1");

        NetworkSettings network =
                settings(options("preset", "densenet-169"), recipe).network();
        assertThat(network.describe()).isEqualTo("densenet-169, dropout 0.1");
        assertThat(network.spec()).isEqualTo(Preset.DENSENET_169.spec().withDropout(0.1));
    }

    @Test
    void aDepthOnTheCommandLineOverridesTheRecipesPreset() {
        assertThat(settings(options("depth", "22"), options("preset", "densenet-169"))
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
        SettingValues both = options(key, value, other, otherValue);

        for (SettingValues options : List.of(both, SettingValues.NONE)) {
            assertThatThrownBy(() -> settings(options, both))
                    .isInstanceOf(JobException.class)
                    .hasMessage("settings " + key + " and " + other + " contradict each other: leave one out");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "preset, densenet-122, 'one of densenet-121, densenet-161'",
        "depth, 41, 6n + 4",
        "dropout, 1, a number of at least 0 and below 1",
        "compression, 0, a number above 0 and at most 1",
        "compression, NaN, a number above 0 and at most 1",
        "stem, big, small or imagenet",
        "block-config, 6-12, whole numbers of at least 1 with commas",
        "block-config, '6,0', whole numbers of at least 1 with commas",
        "block-config, '6,', whole numbers of at least 1 with commas"
    })
    void aNetworkThatCannotBeIsNamed(String key, String value, String problem) {
        assertThatThrownBy(() -> settings(key, value))
                .hasMessageContaining(key)
                .hasMessageContaining(value)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "data, ' ', it must be some text",
        "recompute, everything, 'one of none, activations, bottleneck, auto'",
        "epochs, 0, a whole number of at least 1",
        "epochs, 1e3, a whole number of at least 1",
        "epochs, 99999999999, a whole number of at least 1",
        "batch-size, 0, at least 1",
        "valid-size, -1, at least 0",
        "crop-padding, -1, at least 0",
        "max-failures, -1, at least 0",
        "checkpoint-steps, -1, at least 0",
        "keep-checkpoints, 1, at least 2",
        "peer-timeout, 0, at least 1",
        "collective-timeout, 0, at least 1",
        "precision, fp16, 'one of fp32, tf32, bf16'",
        "replicas, 0, at least 1",
        "flip, maybe, true or false",
        "efficient, '', true or false",
        "seed, now, a whole number",
        "learning-rate, fast, a number above 0",
        "learning-rate, Infinity, a number above 0",
        "momentum, 1, a number of at least 0 and below 1",
        "weight-decay, -1, a number of at least 0"
    })
    void aValueThatASettingCannotHaveIsNamed(String key, String value, String problem) {
        assertThatThrownBy(() -> settings(key, value))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("setting " + key + " is '" + value + "': it must be ")
                .hasMessageContaining(problem);
    }

    @Test
    void moreReplicasThanImagesInABatchAreRefused() {
        assertThatThrownBy(() -> settings("replicas", "65"))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("batch-size 64 is less than the 65 replicas");
        assertThatThrownBy(() -> settings("batch-size", "2").decided(1, 3))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("batch-size 2 is less than the 3 replicas");
    }

    @Test
    void valuesOutOfRangeAreRefusedByWhateverWayTheyCome() {
        assertThatThrownBy(() -> PLACES.with(Setting.EPOCHS, 0)).hasMessageContaining("setting epochs is '0'");
        assertThatThrownBy(() -> new Schedule(1, 0, new Sgd(0.1, 0.9, 0), Optional.empty()))
                .hasMessageContaining("setting batch-size is '0'");
        assertThatThrownBy(() -> new Places("", "s", Optional.empty())).hasMessageContaining("setting data is ''");
        assertThatThrownBy(() -> new ClusterSettings(
                        List.of(RecomputeLevel.NONE),
                        Precision.FP32,
                        false,
                        OptionalInt.of(0),
                        new Elasticity(OptionalInt.empty(), Duration.ZERO),
                        Connections.within(Duration.ofSeconds(1)),
                        0))
                .hasMessageContaining("setting replicas is '0'");
    }

    @Test
    void noMoreReplicasAreAskedForAtLeastThanAtMost() {
        assertThatThrownBy(() -> settings("min-replicas", "3", "replicas", "2"))
                .isInstanceOf(JobException.class)
                .hasMessage("setting min-replicas 3 is more than replicas 2: set it lower, or replicas higher");
        assertThat(settings("min-replicas", "2", "replicas", "3").cluster().leastReplicas())
                .hasValue(2);
        assertThat(settings("replicas", "3").cluster().leastReplicas()).hasValue(3);
        assertThat(settings().cluster().leastReplicas()).isEmpty();
    }

    @Test
    void aNetworkThatNoSettingsGiveIsNone() {
        DenseNetSpec wideStem =
                new DenseNetSpec(3, 10, 12, List.of(2, 2), io.densespark.model.network.StemKind.SMALL, 99, 0.5, 4, 0);

        assertThatThrownBy(() -> new NetworkSettings(Optional.empty(), wideStem))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void portsAndPlainGradientsAreAskedForByTheirNamesAndTravelAlong() {
        TrainSettings asked = TrainSettings.of(SettingValues.parse(
                Map.of("data", "in", "save", "out", "port-range", "40000-40999", "allow-plain-gradients", "true")));

        assertThat(asked.cluster().connections())
                .isEqualTo(new Connections(
                        Duration.ofMinutes(30), Duration.ofMinutes(1), new PortRange(40_000, 40_999), true));
        assertThat(TrainSettings.of(asked.values())).isEqualTo(asked);
        for (String ports : List.of("40000", "0-5", "50000-40000", "1-65536", "a-b", "-")) {
            assertThatThrownBy(() -> SettingValues.parse(Map.of("port-range", ports)))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("port-range")
                    .hasMessageContaining("40000-40999");
        }
    }

    @Test
    void aPrecisionForItsMemoryIsAskedForAndTravelsAlong() {
        TrainSettings asked = TrainSettings.of(SettingValues.parse(
                Map.of("data", "in", "save", "out", "precision", "bf16", "allow-slow-precision", "true")));

        assertThat(asked.cluster().precision()).isEqualTo(Precision.BF16);
        assertThat(asked.cluster().isSlowPrecisionAllowed()).isTrue();
        assertThat(TrainSettings.of(asked.values())).isEqualTo(asked);
        assertThat(TrainSettings.of(asked.values()).decided(7, 2).cluster().isSlowPrecisionAllowed())
                .isTrue();
    }

    @Test
    void everySettingIsDescribedAndItsDefaultIsAValueOfIts() {
        assertThat(Setting.all())
                .extracting(Setting::key)
                .doesNotHaveDuplicates()
                .hasSize(44);
        for (Setting<?> setting : Setting.all()) {
            assertThat(setting.description()).isNotBlank();
            assertThat(setting.unit()).isNotBlank();
            setting.standard().ifPresent(text -> assertThat(setting.parse(text)).isNotNull());
        }
    }
}
