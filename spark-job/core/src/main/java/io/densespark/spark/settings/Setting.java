package io.densespark.spark.settings;

import java.util.Arrays;
import java.util.Optional;

/** Every setting of a training run: a key of a recipe, and an option of the command line with two dashes before it. */
public enum Setting {
    DATA("data", "URI", null, "folder that 'prepare' wrote, on any Hadoop file system"),
    SAVE("save", "URI", null, "folder for checkpoints, results and the model; a run that was cut off goes on there"),
    PRESET("preset", "NAME", null, "a network of the paper, such as densenet-121, instead of the next six settings"),
    DEPTH("depth", "LAYERS", "100", "depth of a network of three equal blocks: 6n + 4, or 3n + 4 without bottlenecks"),
    BLOCK_CONFIG(
            "block-config", "LAYERS,...", null, "layers of each dense block, such as 6,12,24,16, instead of depth"),
    GROWTH_RATE("growth-rate", "K", "12", "channels that each layer adds"),
    BOTTLENECK("bottleneck", "BOOLEAN", "true", "a 1x1 convolution before each 3x3 one"),
    COMPRESSION(
            "compression",
            "SHARE",
            null,
            "of the channels that a transition keeps; 0.5 with bottlenecks and 1 without if not given"),
    STEM("stem", "KIND", "small", "small (3x3) or imagenet (7x7 with stride 2, max-pooling)"),
    DROPOUT("dropout", "SHARE", "0", "of each layer's new features that training sets to zero"),
    EPOCHS("epochs", "N", "300", "passes over the training images"),
    BATCH_SIZE("batch-size", "N", "64", "images in a step, all replicas together"),
    LEARNING_RATE("learning-rate", "RATE", "0.1", "divided by 10 at half and at three quarters of the epochs"),
    MOMENTUM("momentum", "SHARE", "0.9", "Nesterov momentum"),
    WEIGHT_DECAY("weight-decay", "FACTOR", "1e-4", "on every parameter"),
    VALID_SIZE("valid-size", "N", "5000", "training images kept aside to choose the best epoch"),
    CROP_PADDING("crop-padding", "PIXELS", "4", "black pixels around an image before a random crop; 0 for no crop"),
    FLIP("flip", "BOOLEAN", "true", "flip half of the training images horizontally"),
    RECOMPUTE(
            "recompute",
            "none|activations|bottleneck|auto",
            "activations",
            "what is computed again instead of kept, the less the faster; auto takes the fastest whose memory plan fits"),
    EFFICIENT("efficient", "BOOLEAN", null, "false is --recompute none"),
    INIT(
            "init",
            "URI",
            null,
            "weights to begin with: a safetensors file by PyTorch's names, or a model folder; its classifier may differ"),
    SEED(
            "seed",
            "NUMBER",
            null,
            "of weights, order, augmentation and validation split; random if not given, and recorded"),
    REPLICAS("replicas", "N", null, "tasks that each run one replica; as many as the cluster has slots if not given"),
    COLLECTIVE_TIMEOUT("collective-timeout", "SECONDS", "1800", "how long to wait for a silent replica"),
    MAX_FAILURES("max-failures", "N", "3", "lost executors to survive in a row without a new checkpoint");

    private final String key;
    private final String unit;
    private final String standard;
    private final String description;

    Setting(String key, String unit, String standard, String description) {
        this.key = key;
        this.unit = unit;
        this.standard = standard;
        this.description = description;
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
        return Optional.ofNullable(standard);
    }

    public String description() {
        return description;
    }

    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }
}
