package io.densespark.spark.cli;

import io.densespark.model.spec.DenseNetSpec;
import io.densespark.model.spec.ImageShape;
import io.densespark.model.spec.Preset;
import io.densespark.spark.JobException;
import io.densespark.spark.inspect.Inspection;
import io.densespark.spark.inspect.InspectionJson;
import io.densespark.spark.inspect.InspectionTable;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code inspect}: a network's layers and memory plans. */
@Command(
        name = "inspect",
        description = "Prints a network's layers, parameters and multiply-adds, and a replica's memory plans.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
    private static final int DEFAULT_GROWTH_RATE = 12;
    private static final int COLOURS = 3;
    private static final int CLASSES = 10;

    @Option(names = "--preset", paramLabel = "NAME", description = "the network, such as densenet-121")
    private Optional<String> preset = Optional.empty();

    @Option(names = "--depth", paramLabel = "LAYERS", description = "instead of a preset: depth of a DenseNet-BC")
    private Optional<Integer> depth = Optional.empty();

    @Option(names = "--growth-rate", paramLabel = "K", description = "of the network of that depth (default 12)")
    private Optional<Integer> growthRate = Optional.empty();

    @Mixin
    private ImageSizeOption imageSize = new ImageSizeOption();

    @Option(names = "--batch", paramLabel = "N", description = "images in a step of a replica (default 64)")
    private int batch = 64;

    @Option(names = "--workers", paramLabel = "N", description = "cores of a replica (default: all of this machine)")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "prints JSON instead of tables")
    private boolean json;

    @Override
    public Integer call() {
        DenseNetSpec spec = spec();
        int side = imageSize.of(spec);
        Inspection inspection = Inspection.of(name(), spec, new ImageShape(side, side), batch, workers);
        System.out.print(json ? InspectionJson.of(inspection) + "\n" : InspectionTable.of(inspection));
        return ExitCode.OK;
    }

    private DenseNetSpec spec() {
        if (preset.isPresent() && (depth.isPresent() || growthRate.isPresent())) {
            throw new JobException("--preset decides the network: leave out --depth and --growth-rate");
        }
        if (preset.isEmpty() && depth.isEmpty()) {
            throw new JobException("no network is given: use --preset, or --depth with --growth-rate");
        }
        return preset.map(name -> Preset.of(name).spec())
                .orElseGet(() -> DenseNetSpec.bc(depth.orElseThrow(), growth(), COLOURS, CLASSES));
    }

    private String name() {
        return preset.orElseGet(() -> "DenseNet-BC, depth " + depth.orElseThrow() + ", growth rate " + growth());
    }

    private int growth() {
        return growthRate.orElse(DEFAULT_GROWTH_RATE);
    }
}
