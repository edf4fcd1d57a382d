package io.densespark.spark.settings;

import io.densespark.model.collective.PortRange;
import io.densespark.model.network.Preset;
import io.densespark.model.network.StemKind;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A setting of a training run: a key of a recipe, and an option of the command line with two dashes before it. This table
 * is the one place that knows its values, their range and the default.
 *
 * @param <T> of its values
 */
public final class Setting<T> {
    private static final List<Setting<?>> TABLE = new ArrayList<>();
    private static final String AUTO = "auto";

    public static final Setting<String> DATA =
            of("data", SettingType.TEXT, "URI", "folder that 'prepare' wrote, on any Hadoop file system");
    public static final Setting<String> SAVE = of(
            "save",
            SettingType.TEXT,
            "URI",
            "folder for checkpoints, results and the model; a run that was cut off goes on there");
    public static final Setting<Preset> PRESET = of(
            "preset",
            SettingType.choice(List.of(Preset.values()), Preset::key),
            "NAME",
            "a network of the paper, such as densenet-121, instead of the next six settings");
    public static final Setting<Integer> DEPTH = of(
            "depth",
            SettingType.wholeNumber(1),
            "LAYERS",
            "100",
            "depth of a network of three equal blocks: 6n + 4, or 3n + 4 without bottlenecks");
    public static final Setting<List<Integer>> BLOCK_CONFIG = of(
            "block-config",
            SettingType.BLOCKS,
            "LAYERS,...",
            "layers of each dense block, such as 6,12,24,16, instead of depth");
    public static final Setting<Integer> GROWTH_RATE =
            of("growth-rate", SettingType.wholeNumber(1), "K", "12", "channels that each layer adds");
    public static final Setting<Boolean> BOTTLENECK =
            of("bottleneck", SettingType.FLAG, "BOOLEAN", "true", "a 1x1 convolution before each 3x3 one");
    public static final Setting<Double> COMPRESSION = of(
            "compression",
            SettingType.number("above 0 and at most 1", share -> share > 0 && share <= 1),
            "SHARE",
            "of the channels that a transition keeps; 0.5 with bottlenecks and 1 without if not given");
    public static final Setting<StemKind> STEM = of(
            "stem",
            SettingType.choice(List.of(StemKind.values()), StemKind::toString),
            "KIND",
            "small",
            "small (3x3) or imagenet (7x7 with stride 2, max-pooling)");
    public static final Setting<Double> DROPOUT = of(
            "dropout",
            SettingType.number("of at least 0 and below 1", share -> share >= 0 && share < 1),
            "SHARE",
            "0",
            "of each layer's new features that training sets to zero");
    public static final Setting<Integer> EPOCHS =
            of("epochs", SettingType.wholeNumber(1), "N", "300", "passes over the training images");
    public static final Setting<Integer> BATCH_SIZE =
            of("batch-size", SettingType.wholeNumber(1), "N", "64", "images in a step, all replicas together");
    public static final Setting<Double> LEARNING_RATE = of(
            "learning-rate",
            SettingType.number("above 0", rate -> rate > 0),
            "RATE",
            "0.1",
            "divided by 10 at half and at three quarters of the epochs");
    public static final Setting<Double> MOMENTUM = of(
            "momentum",
            SettingType.number("of at least 0 and below 1", share -> share >= 0 && share < 1),
            "SHARE",
            "0.9",
            "Nesterov momentum");
    public static final Setting<Double> WEIGHT_DECAY = of(
            "weight-decay",
            SettingType.number("of at least 0", factor -> factor >= 0),
            "FACTOR",
            "1e-4",
            "on every parameter");
    public static final Setting<Integer> VALID_SIZE = of(
            "valid-size",
            SettingType.wholeNumber(0),
            "N",
            "training images kept aside to choose the best epoch, where the data set has no validation split; a tenth, at "
                    + "most 5,000, if not given");
    public static final Setting<Integer> CROP_PADDING = of(
            "crop-padding",
            SettingType.wholeNumber(0),
            "PIXELS",
            "4",
            "black pixels around an image before a random crop; 0 for no crop");
    public static final Setting<Boolean> RANDOM_RESIZED_CROP = of(
            "random-resized-crop",
            SettingType.FLAG,
            "BOOLEAN",
            "false",
            "scale a random part of each training image to the images' size, in place of crop-padding");
    public static final Setting<Double> CROP_SCALE = of(
            "crop-scale",
            SettingType.number("above 0 and at most 1", share -> share > 0 && share <= 1),
            "SHARE",
            "0.08",
            "least share of the image's area that random-resized-crop takes");
    public static final Setting<Boolean> FLIP =
            of("flip", SettingType.FLAG, "BOOLEAN", "true", "flip half of the training images horizontally");
    public static final Setting<Double> ROTATION = of(
            "rotation",
            SettingType.number("of 0 to 180", degrees -> degrees >= 0 && degrees <= 180),
            "DEGREES",
            "0",
            "turn training images by up to so much, either way");
    public static final Setting<Double> TRANSLATE = of(
            "translate",
            SettingType.number("of 0 to 1", share -> share >= 0 && share <= 1),
            "SHARE",
            "0",
            "move training images by up to this share of their height and width");
    public static final Setting<Double> AFFINE_SCALE = of(
            "affine-scale",
            SettingType.number("of at least 0 and below 1", share -> share >= 0 && share < 1),
            "SHARE",
            "0",
            "scale training images by 1 - SHARE to 1 + SHARE");
    public static final Setting<Double> SHEAR = of(
            "shear",
            SettingType.number("of at least 0 and below 90", degrees -> degrees >= 0 && degrees < 90),
            "DEGREES",
            "0",
            "shear training images by up to so much, either way");
    public static final Setting<Double> BRIGHTNESS = of(
            "brightness",
            SettingType.number("of at least 0", strength -> strength >= 0),
            "STRENGTH",
            "0",
            "change the brightness of training images by a factor of 1 - STRENGTH to 1 + STRENGTH");
    public static final Setting<Double> CONTRAST = of(
            "contrast",
            SettingType.number("of at least 0", strength -> strength >= 0),
            "STRENGTH",
            "0",
            "the same for their contrast");
    public static final Setting<Double> SATURATION = of(
            "saturation",
            SettingType.number("of at least 0", strength -> strength >= 0),
            "STRENGTH",
            "0",
            "the same for their saturation");
    /** The levels that may be taken, the fastest first. */
    public static final Setting<List<RecomputeLevel>> RECOMPUTE = of(
            "recompute",
            SettingType.choice(choicesOfLevels(), Setting::nameOfLevels),
            "none|activations|bottleneck|auto",
            "activations",
            "what is computed again instead of kept, the less the faster; auto takes the fastest whose memory plan fits");

    public static final Setting<Precision> PRECISION = of(
            "precision",
            SettingType.choice(List.of(Precision.values()), Precision::toString),
            "fp32|tf32|bf16",
            "tf32",
            "tf32 rounds the factors of products to 10 bits, on GPUs' tensor cores, and is fp32 on CPUs; bf16 has maps and "
                    + "activations in 16 bits, too, and takes less memory");
    public static final Setting<Boolean> ALLOW_SLOW_PRECISION = of(
            "allow-slow-precision",
            SettingType.FLAG,
            "BOOLEAN",
            "false",
            "train in bf16, for its memory, on processors that have no instructions for it and are slower so");
    public static final Setting<Boolean> EFFICIENT =
            of("efficient", SettingType.FLAG, "BOOLEAN", "false is --recompute none");
    public static final Setting<String> INIT = of(
            "init",
            SettingType.TEXT,
            "URI",
            "weights to begin with: a safetensors file by PyTorch's names, or a model folder; its classifier may differ");
    public static final Setting<Long> SEED = of(
            "seed",
            SettingType.LONG,
            "NUMBER",
            "of weights, order, augmentation and validation split; random if not given, and recorded");
    public static final Setting<Integer> REPLICAS = of(
            "replicas",
            SettingType.wholeNumber(1),
            "N",
            "tasks that each run one replica; as many as the cluster has slots if not given");
    public static final Setting<Integer> MIN_REPLICAS = of(
            "min-replicas",
            SettingType.wholeNumber(1),
            "N",
            "replicas with which the run goes on while the cluster hasn't as many as replicas asks for; all of them if not "
                    + "given");
    public static final Setting<Integer> REPLICA_WAIT = of(
            "replica-wait",
            SettingType.wholeNumber(0),
            "SECONDS",
            "120",
            "how long to wait for replacements of lost executors, before a run goes on with fewer replicas, or ends");
    public static final Setting<Integer> COLLECTIVE_TIMEOUT = of(
            "collective-timeout",
            SettingType.wholeNumber(1),
            "SECONDS",
            "1800",
            "how long to wait for a slow replica in each sum");
    public static final Setting<Integer> PEER_TIMEOUT = of(
            "peer-timeout",
            SettingType.wholeNumber(1),
            "SECONDS",
            "60",
            "how long a replica may be silent before it counts as lost");
    public static final Setting<PortRange> PORT_RANGE = of(
            "port-range",
            SettingType.PORTS,
            "FIRST-LAST",
            "ports on which replicas listen for each other, for a firewall; any free ones if not given");
    public static final Setting<Boolean> ALLOW_PLAIN_GRADIENTS = of(
            "allow-plain-gradients",
            SettingType.FLAG,
            "BOOLEAN",
            "false",
            "train where Spark's own connections are authenticated or encrypted, though the replicas' are neither");
    public static final Setting<Integer> MAX_FAILURES = of(
            "max-failures",
            SettingType.wholeNumber(0),
            "N",
            "3",
            "lost executors to survive in a row without a new checkpoint");
    public static final Setting<Integer> CHECKPOINT_STEPS = of(
            "checkpoint-steps",
            SettingType.wholeNumber(0),
            "N",
            "0",
            "a checkpoint after each N steps of an epoch, besides that at its end; 0 for none by steps");
    public static final Setting<Integer> CHECKPOINT_MINUTES = of(
            "checkpoint-minutes",
            SettingType.wholeNumber(0),
            "MINUTES",
            "10",
            "a checkpoint within an epoch when the last is so old; 0 for none by time");
    public static final Setting<Integer> KEEP_CHECKPOINTS = of(
            "keep-checkpoints",
            SettingType.wholeNumber(2),
            "N",
            "2",
            "newest checkpoints that stay, beside that of the best epoch");

    private final String key;
    private final SettingType<T> type;
    private final String unit;
    private final Optional<String> standard;
    private final String description;

    private Setting(String key, SettingType<T> type, String unit, Optional<String> standard, String description) {
        this.key = key;
        this.type = type;
        this.unit = unit;
        this.standard = standard;
        this.description = description;
        TABLE.add(this);
    }

    private static <T> Setting<T> of(String key, SettingType<T> type, String unit, String description) {
        return new Setting<>(key, type, unit, Optional.empty(), description);
    }

    private static <T> Setting<T> of(
            String key, SettingType<T> type, String unit, String standard, String description) {
        return new Setting<>(key, type, unit, Optional.of(standard), description);
    }

    /** Every setting, in the order of help texts. */
    public static List<Setting<?>> all() {
        return List.copyOf(TABLE);
    }

    /** The settings that name a network. */
    public static List<Setting<?>> ofNetwork() {
        return List.of(PRESET, DEPTH, BLOCK_CONFIG, GROWTH_RATE, BOTTLENECK, COMPRESSION, STEM, DROPOUT);
    }

    static Optional<Setting<?>> ofKey(String key) {
        return TABLE.stream().filter(setting -> setting.key.equals(key)).findFirst();
    }

    private static List<List<RecomputeLevel>> choicesOfLevels() {
        List<List<RecomputeLevel>> choices = new ArrayList<>();
        for (RecomputeLevel level : RecomputeLevel.values()) {
            choices.add(List.of(level));
        }
        choices.add(List.of(RecomputeLevel.values()));
        return choices;
    }

    private static String nameOfLevels(List<RecomputeLevel> levels) {
        return levels.size() == 1 ? levels.get(0).toString() : AUTO;
    }

    /** The name in a recipe; the option is this with two dashes before it. */
    public String key() {
        return key;
    }

    /** What the value stands for, in help texts. */
    public String unit() {
        return unit;
    }

    /** The value without recipe and option, as one would write it; empty if there is none. */
    public Optional<String> standard() {
        return standard;
    }

    public String description() {
        return description;
    }

    /**
     * What a value is where it isn't text that users write: {@code Integer}, {@code Long}, {@code Double}, {@code Boolean},
     * a {@code List} of whole numbers, or {@code String}.
     */
    public Class<?> plainType() {
        return type.plain();
    }

    /**
     * Reads a value.
     *
     * @throws JobException naming the setting and what it must be
     */
    public T parse(String text) {
        T value;
        try {
            value = type.parser().apply(text.trim());
        } catch (IllegalArgumentException e) {
            throw new JobException(wrong(text), e);
        }
        if (!type.allows().test(value)) {
            throw new JobException(wrong(text));
        }
        return value;
    }

    /**
     * Checks a value that wasn't read from text.
     *
     * @return the value
     * @throws JobException naming the setting and what it must be
     */
    T require(T value) {
        if (!type.allows().test(value)) {
            throw new JobException(wrong(format(value)));
        }
        return value;
    }

    /** A value as users write it. */
    String format(T value) {
        return type.format().apply(value);
    }

    private String wrong(String text) {
        return "setting " + key + " is '" + text + "': it must be " + type.wanted();
    }

    /** The value without recipe and option. */
    T standardValue() {
        return parse(standard.orElseThrow(
                () -> new JobException("setting " + key + " is missing: give --" + key + " " + unit)));
    }

    @Override
    public String toString() {
        return key;
    }
}
