package io.densespark.spark.cli;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.Preset;
import io.densespark.spark.JobException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that name a network, of commands that train none. */
public final class NetworkOptions {
    private static final int DEFAULT_GROWTH_RATE = 12;
    private static final int COLOURS = 3;
    private static final int CLASSES = 10;

    @Option(names = "--preset", paramLabel = "NAME", description = "the network, such as densenet-121")
    private Optional<String> preset = Optional.empty();

    @Option(names = "--depth", paramLabel = "LAYERS", description = "instead of a preset: depth of a DenseNet-BC")
    private Optional<Integer> depth = Optional.empty();

    @Option(
            names = "--growth-rate",
            paramLabel = "K",
            description = "of the network of that depth (default " + DEFAULT_GROWTH_RATE + ")")
    private Optional<Integer> growthRate = Optional.empty();

    /** The network; one that no preset names is for ten classes of coloured images. */
    public DenseNetSpec spec() {
        if (preset.isPresent() && (depth.isPresent() || growthRate.isPresent())) {
            throw new JobException("--preset decides the network: leave out --depth and --growth-rate");
        }
        if (preset.isEmpty() && depth.isEmpty()) {
            throw new JobException("no network is given: use --preset, or --depth with --growth-rate");
        }
        return preset.map(name -> Preset.of(name).spec())
                .orElseGet(() -> DenseNetSpec.bc(depth.orElseThrow(), growth(), COLOURS, CLASSES));
    }

    /** The network of {@link #spec} in a few words. */
    String name() {
        return preset.orElseGet(() -> "DenseNet-BC, depth " + depth.orElseThrow() + ", growth rate " + growth());
    }

    private int growth() {
        return growthRate.orElse(DEFAULT_GROWTH_RATE);
    }
}
