package io.densespark.spark.settings;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.Preset;
import io.densespark.model.network.StemKind;
import io.densespark.spark.JobException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The network of a training run, as asked for; images and classes come from the data.
 *
 * @param presetOrNull name of a {@link Preset}, which decides all but dropout; or null
 * @param depth layers of a network of three equal blocks; of no meaning beside a preset or blocks
 * @param blocksOrNull layers of each block; or null
 * @param growthRate channels that each layer adds
 * @param bottleneck whether layers have a 1x1 convolution before their 3x3 one
 * @param compressionOrNull share of the channels that a transition keeps; null for 0.5 with bottlenecks, 1 without
 * @param stem what lies before the first block
 * @param dropout share of new features that training sets to zero
 */
public record NetworkSettings(
        String presetOrNull,
        int depth,
        List<Integer> blocksOrNull,
        int growthRate,
        boolean bottleneck,
        Double compressionOrNull,
        StemKind stem,
        double dropout)
        implements Serializable {
    private static final int COLOURS = 3;
    private static final int SOME_CLASSES = 10;
    private static final int BOTTLENECK_SIZE = 4;
    private static final int ANY_DEPTH = 10;

    /** @throws io.densespark.model.ModelException naming what is out of range */
    public NetworkSettings {
        blocksOrNull = blocksOrNull == null ? null : List.copyOf(blocksOrNull);
        Objects.requireNonNull(
                spec(presetOrNull, depth, blocksOrNull, growthRate, bottleneck, compressionOrNull, stem, dropout));
    }

    /** The paper's DenseNet-BC for small images. */
    public static NetworkSettings bc(int depth, int growthRate) {
        return new NetworkSettings(null, depth, null, growthRate, true, null, StemKind.SMALL, 0);
    }

    /**
     * Parses the layers of each block, such as {@code 6,12,24,16}.
     *
     * @throws JobException if they aren't whole numbers with commas between
     */
    public static List<Integer> blocks(String text) {
        try {
            return Arrays.stream(text.split(",", -1))
                    .map(String::trim)
                    .map(Integer::valueOf)
                    .toList();
        } catch (NumberFormatException e) {
            throw new JobException(
                    "setting block-config is '" + text + "': it must be whole numbers with commas, such as 6,12,24,16",
                    e);
        }
    }

    /** The network for images of so many channels and so many classes. */
    public DenseNetSpec spec(int channels, int classes) {
        return spec(presetOrNull, depth, blocksOrNull, growthRate, bottleneck, compressionOrNull, stem, dropout)
                .withData(channels, classes);
    }

    private static DenseNetSpec spec(
            String preset,
            int depth,
            List<Integer> blocks,
            int growthRate,
            boolean bottleneck,
            Double compression,
            StemKind stem,
            double dropout) {
        if (preset != null) {
            return Preset.of(preset).spec().withDropout(dropout);
        }
        int layers = blocks == null ? depth : ANY_DEPTH;
        DenseNetSpec plain = bottleneck
                ? DenseNetSpec.bc(layers, growthRate, COLOURS, SOME_CLASSES)
                : DenseNetSpec.basic(layers, growthRate, COLOURS, SOME_CLASSES);
        return new DenseNetSpec(
                COLOURS,
                SOME_CLASSES,
                growthRate,
                blocks == null ? plain.blocks() : blocks,
                stem,
                stem == StemKind.IMAGENET ? 2 * growthRate : plain.stemChannels(),
                compression == null ? plain.compression() : compression,
                bottleneck ? BOTTLENECK_SIZE : 0,
                dropout);
    }

    /** The network in a few words. */
    public String describe() {
        String drop = dropout > 0 ? ", dropout " + dropout : "";
        if (presetOrNull != null) {
            return presetOrNull + drop;
        }
        String layers = blocksOrNull == null ? "depth " + depth : "blocks " + blocksOrNull;
        return (bottleneck ? "DenseNet-BC, " : "DenseNet, ") + layers + ", growth rate " + growthRate
                + (stem == StemKind.IMAGENET ? ", ImageNet stem" : "") + drop;
    }

    /** What must not change when a run goes on, by the settings' keys. */
    Map<String, String> identity() {
        DenseNetSpec spec = spec(COLOURS, SOME_CLASSES);
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put(Setting.BLOCK_CONFIG.key(), spec.blocks().toString());
        identity.put(Setting.GROWTH_RATE.key(), Integer.toString(spec.growthRate()));
        identity.put(Setting.BOTTLENECK.key(), Boolean.toString(spec.hasBottleneck()));
        identity.put(Setting.COMPRESSION.key(), Double.toString(spec.compression()));
        identity.put(Setting.STEM.key(), spec.stem().toString());
        identity.put(Setting.DROPOUT.key(), Double.toString(spec.dropout()));
        return identity;
    }
}
