package io.densespark.benchmark.cli;

import io.densespark.benchmark.replica.ReplicaBenchmark;
import io.densespark.benchmark.replica.ReplicaBenchmarkSettings;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import io.densespark.spark.cli.ImageSizeOption;
import io.densespark.spark.cli.JobContext;
import io.densespark.spark.cli.NetworkOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code benchmark replica}: a training step beside other implementations of the same network. */
@Command(
        name = "replica",
        description = "Measures a training step at each recompute level, beside a textbook version and PyTorch.",
        mixinStandardHelpOptions = true)
final class BenchmarkReplicaCommand implements Callable<Integer> {
    private static final int DEFAULT_STEPS = 10;
    private static final int DEFAULT_WARM_UP = 10;
    private static final int DEFAULT_ROUNDS = 3;
    private static final int DEFAULT_BATCH = 64;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Mixin
    private ImageSizeOption imageSize = new ImageSizeOption();

    @Option(names = "--batch", paramLabel = "N", description = "images in a step (default " + DEFAULT_BATCH + ")")
    private int batch = DEFAULT_BATCH;

    @Option(
            names = "--levels",
            paramLabel = "LEVEL,…",
            split = ",",
            description = "recompute levels (default none,activations,bottleneck)")
    private List<String> levels =
            Arrays.stream(RecomputeLevel.values()).map(Object::toString).toList();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "processes of each implementation, one after the other (default " + DEFAULT_ROUNDS + ")")
    private int rounds = DEFAULT_ROUNDS;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "timed steps of each process (default " + DEFAULT_STEPS + ")")
    private int steps = DEFAULT_STEPS;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description =
                    "steps before them at least; more until their time has settled, ten times as many at most (default "
                            + DEFAULT_WARM_UP + ")")
    private int warmUp = DEFAULT_WARM_UP;

    @Option(names = "--threads", paramLabel = "N", description = "cores to use (default: all)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--device", paramLabel = "cpu|cuda", description = "cuda measures on the first GPU (default cpu)")
    private Device.Kind device = Device.Kind.CPU;

    @Option(
            names = "--precision",
            paramLabel = "fp32|tf32|bf16",
            description =
                    "of a GPU (default tf32); a CPU is measured in fp32, and in bf16 if it has instructions for that or if asked for")
    private Precision precision = Precision.TF32;

    @Option(
            names = "--python",
            paramLabel = "PYTHON",
            description = "a Python interpreter that has torch, for the rows of PyTorch")
    private Optional<String> python = Optional.empty();

    @Option(names = "--compile", description = "measures PyTorch with torch.compile as well")
    private boolean compile;

    @Option(names = "--json", paramLabel = "FILE|URI", description = "writes the rows there as well")
    private Optional<String> json = Optional.empty();

    @Option(names = "--profile", description = "prints where the time of a step goes, kernel by kernel")
    private boolean profile;

    @Override
    public Integer call() throws IOException {
        ReplicaBenchmark.run(settings(), JobContext.hadoop(), System.out, System.err);
        return ExitCode.OK;
    }

    ReplicaBenchmarkSettings settings() {
        DenseNetSpec spec = network.spec();
        int side = imageSize.of(spec);
        return new ReplicaBenchmarkSettings(
                spec,
                new ImageShape(side, side),
                batch,
                levels.stream().map(BenchmarkReplicaCommand::level).toList(),
                device == Device.Kind.CPU ? Device.CPU : Device.cuda(0),
                precision,
                rounds,
                steps,
                warmUp,
                threads,
                python,
                compile,
                json,
                profile);
    }

    private static RecomputeLevel level(String name) {
        return Arrays.stream(RecomputeLevel.values())
                .filter(level -> level.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new JobException("setting levels has '" + name + "': the levels are "
                        + Arrays.toString(RecomputeLevel.values())));
    }
}
