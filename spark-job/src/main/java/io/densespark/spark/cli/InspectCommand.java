package io.densespark.spark.cli;

import io.densespark.model.spec.DenseNetSpec;
import io.densespark.model.spec.ImageShape;
import io.densespark.model.spec.StemKind;
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
    private static final int SMALL_SIZE = 32;
    private static final int IMAGENET_SIZE = 224;

    @Mixin
    private NetworkOptions network;

    @Option(
            names = "--image-size",
            paramLabel = "PIXELS",
            description =
                    "side of the images (default " + SMALL_SIZE + ", for an ImageNet network " + IMAGENET_SIZE + ")")
    private Optional<Integer> imageSize = Optional.empty();

    @Option(names = "--batch", paramLabel = "N", description = "images in a step of a replica (default 64)")
    private int batch = 64;

    @Option(names = "--workers", paramLabel = "N", description = "cores of a replica (default: all of this machine)")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "prints JSON instead of tables")
    private boolean json;

    @Override
    public Integer call() {
        DenseNetSpec spec = network.spec();
        int side = imageSize.orElse(spec.stem() == StemKind.IMAGENET ? IMAGENET_SIZE : SMALL_SIZE);
        Inspection inspection = Inspection.of(network.name(), spec, new ImageShape(side, side), batch, workers);
        System.out.print(json ? InspectionJson.of(inspection) + "\n" : InspectionTable.of(inspection));
        return ExitCode.OK;
    }
}
