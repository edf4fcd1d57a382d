package io.densespark.spark.cli;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.inspect.Inspection;
import io.densespark.spark.inspect.InspectionJson;
import io.densespark.spark.inspect.InspectionTable;
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
    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Mixin
    private ImageSizeOption imageSize = new ImageSizeOption();

    @Option(names = "--batch", paramLabel = "N", description = "images in a step of a replica (default 64)")
    private int batch = 64;

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda",
            description = "of the replica (default cpu); cuda needs no GPU here")
    private Device.Kind device = Device.Kind.CPU;

    @Option(names = "--workers", paramLabel = "N", description = "its cores on CPU (default: all of this machine)")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--precision",
            paramLabel = "fp32|tf32|bf16",
            description = "of the replica (default tf32, which is fp32 on a CPU)")
    private Precision precision = Precision.TF32;

    @Option(names = "--json", description = "prints JSON instead of tables")
    private boolean json;

    @Override
    public Integer call() {
        DenseNetSpec spec = network.spec();
        int side = imageSize.of(spec);
        boolean onCpu = device == Device.Kind.CPU;
        Inspection inspection = Inspection.of(
                network.name(),
                spec,
                new ImageShape(side, side),
                batch,
                onCpu ? Device.CPU : Device.cuda(0),
                onCpu ? workers : 1,
                precision);
        System.out.print(json ? InspectionJson.of(inspection) : InspectionTable.of(inspection));
        return ExitCode.OK;
    }
}
