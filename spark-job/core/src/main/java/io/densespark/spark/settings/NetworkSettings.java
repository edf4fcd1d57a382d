package io.densespark.spark.settings;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.Preset;
import io.densespark.model.network.StemKind;
import io.densespark.spark.JobException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The network, as asked for; images and classes of a training run come from its data.
 *
 * @param preset of which the network is, dropout apart; empty if it was described
 * @param spec for colour images, with the preset's classes or ten
 */
public record NetworkSettings(Optional<Preset> preset, DenseNetSpec spec) {
    private static final int COLOURS = 3;
    private static final int SOME_CLASSES = 10;
    private static final int BOTTLENECK_SIZE = 4;
    private static final int ANY_DEPTH = 10;
    private static final List<Setting<?>> INSTEAD_OF_PRESET = List.of(
            Setting.DEPTH,
            Setting.BLOCK_CONFIG,
            Setting.GROWTH_RATE,
            Setting.BOTTLENECK,
            Setting.COMPRESSION,
            Setting.STEM);

    /** @throws IllegalArgumentException if no settings give such a network */
    public NetworkSettings {
        DenseNetSpec asked = spec;
        DenseNetSpec known = preset.map(name -> name.spec().withDropout(asked.dropout()))
                .orElseGet(() -> assemble(
                        asked.blocks(),
                        asked.growthRate(),
                        asked.hasBottleneck(),
                        asked.compression(),
                        asked.stem(),
                        asked.dropout()));
        if (!spec.equals(known)) {
            throw new IllegalArgumentException("no settings give " + spec);
        }
    }

    /** The paper's DenseNet-BC for small images. */
    public static NetworkSettings bc(int depth, int growthRate) {
        return of(
                SettingValues.NONE.with(Setting.DEPTH, depth).with(Setting.GROWTH_RATE, growthRate),
                SettingValues.NONE);
    }

    /**
     * The network that is asked for; the DenseNet-BC of the defaults if none is.
     *
     * @throws JobException if settings contradict each other
     * @throws io.densespark.model.ModelException if there is no such network
     */
    public static NetworkSettings of(SettingValues commandLine, SettingValues recipe) {
        Precedence settings = new Precedence(commandLine, recipe);
        double dropout = settings.get(Setting.DROPOUT);
        if (settings.prevails(Setting.PRESET, INSTEAD_OF_PRESET)) {
            Preset preset = settings.get(Setting.PRESET);
            return new NetworkSettings(Optional.of(preset), preset.spec().withDropout(dropout));
        }
        boolean bottleneck = settings.get(Setting.BOTTLENECK);
        int growthRate = settings.get(Setting.GROWTH_RATE);
        boolean hasBlocks = settings.prevails(Setting.BLOCK_CONFIG, List.of(Setting.DEPTH));
        DenseNetSpec paper = ofPaper(hasBlocks ? ANY_DEPTH : settings.get(Setting.DEPTH), growthRate, bottleneck);
        List<Integer> blocks = hasBlocks ? settings.get(Setting.BLOCK_CONFIG) : paper.blocks();
        double compression = settings.given(Setting.COMPRESSION).orElse(paper.compression());
        StemKind stem = settings.get(Setting.STEM);
        return new NetworkSettings(
                Optional.empty(), assemble(blocks, growthRate, bottleneck, compression, stem, dropout));
    }

    private static DenseNetSpec ofPaper(int depth, int growthRate, boolean bottleneck) {
        return bottleneck
                ? DenseNetSpec.bc(depth, growthRate, COLOURS, SOME_CLASSES)
                : DenseNetSpec.basic(depth, growthRate, COLOURS, SOME_CLASSES);
    }

    private static DenseNetSpec assemble(
            List<Integer> blocks,
            int growthRate,
            boolean bottleneck,
            double compression,
            StemKind stem,
            double dropout) {
        int stemChannels = stem == StemKind.IMAGENET
                ? 2 * growthRate
                : ofPaper(ANY_DEPTH, growthRate, bottleneck).stemChannels();
        return new DenseNetSpec(
                COLOURS,
                SOME_CLASSES,
                growthRate,
                blocks,
                stem,
                stemChannels,
                compression,
                bottleneck ? BOTTLENECK_SIZE : 0,
                dropout);
    }

    /** The network for images of so many channels and so many classes. */
    public DenseNetSpec spec(int channels, int classes) {
        return spec.withData(channels, classes);
    }

    /** The network in a few words. */
    public String describe() {
        String drop = spec.dropout() > 0 ? ", dropout " + spec.dropout() : "";
        return preset.map(Preset::key).orElseGet(this::describeLayers) + drop;
    }

    private String describeLayers() {
        return (spec.hasBottleneck() ? "DenseNet-BC, " : "DenseNet, ")
                + (isOfDepth() ? "depth " + depth() : "blocks " + spec.blocks())
                + ", growth rate " + spec.growthRate()
                + (spec.stem() == StemKind.IMAGENET ? ", ImageNet stem" : "");
    }

    /** True for three equal blocks, which a depth describes. */
    private boolean isOfDepth() {
        return spec.blocks().size() == 3 && spec.blocks().stream().distinct().count() == 1;
    }

    /** Convolutions and the classifier: those of the layers, one in each transition, the stem's, and the classifier. */
    private int depth() {
        int layers = spec.blocks().stream().mapToInt(Integer::intValue).sum();
        return (spec.hasBottleneck() ? 2 : 1) * layers + spec.blocks().size() + 1;
    }

    /** The settings that give this network. */
    SettingValues addTo(SettingValues values) {
        SettingValues withDropout = values.with(Setting.DROPOUT, spec.dropout());
        return preset.map(name -> withDropout.with(Setting.PRESET, name)).orElseGet(() -> withDropout
                .with(Setting.BLOCK_CONFIG, spec.blocks())
                .with(Setting.GROWTH_RATE, spec.growthRate())
                .with(Setting.BOTTLENECK, spec.hasBottleneck())
                .with(Setting.COMPRESSION, spec.compression())
                .with(Setting.STEM, spec.stem()));
    }

    /** What must not change when a run goes on, by the settings' keys. */
    Map<String, String> identity() {
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
