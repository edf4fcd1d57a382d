package io.densespark.benchmark.cli;

import io.densespark.benchmark.bigdl.BigDlBenchmark;
import io.densespark.benchmark.bigdl.BigDlBenchmarkSettings;
import io.densespark.spark.cli.JobContext;
import io.densespark.spark.cli.NetworkOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code benchmark bigdl}: training steps beside real BigDL's. */
@Command(
        name = "bigdl",
        description = "Measures training steps beside those of real BigDL, on the same prepared data.",
        mixinStandardHelpOptions = true)
final class BenchmarkBigDlCommand implements Callable<Integer> {
    private static final int DEFAULT_STEPS = 5;
    private static final int DEFAULT_WARM_UP = 5;
    private static final int DEFAULT_ROUNDS = 2;
    private static final int DEFAULT_BATCH = 64;

    @Option(names = "--data", required = true, paramLabel = "URI", description = "folder that 'prepare' wrote")
    private String data;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "images in a step, the first of the train split (default " + DEFAULT_BATCH + ")")
    private int batch = DEFAULT_BATCH;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "processes of each, one after the other (default " + DEFAULT_ROUNDS + ")")
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

    @Option(
            names = {"--cores", "--threads"},
            paramLabel = "N",
            description = "cores for each of the two (default: all); on one, the losses must agree")
    private int cores = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--bigdl-home",
            paramLabel = "FOLDER",
            description = "BigDL's jars and its Spark's (default: those that the build of the job jar has assembled)")
    private Path bigDlHome = BigDlBenchmark.assembledHome();

    @Option(
            names = "--bigdl-java",
            paramLabel = "JAVA",
            description = "JVM for BigDL (default: the one that runs this)")
    private String bigDlJava =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Option(names = "--bigdl-heap", paramLabel = "SIZE", description = "its heap, such as 4g (default: the JVM's own)")
    private Optional<String> bigDlHeap = Optional.empty();

    @Option(names = "--json", paramLabel = "FILE|URI", description = "writes the rows there as well")
    private Optional<String> json = Optional.empty();

    @Override
    public Integer call() throws IOException {
        BigDlBenchmark.run(settings(), JobContext.hadoop(), System.out, System.err);
        return ExitCode.OK;
    }

    BigDlBenchmarkSettings settings() {
        return new BigDlBenchmarkSettings(
                data, network.spec(), batch, rounds, steps, warmUp, cores, bigDlHome, bigDlJava, bigDlHeap, json);
    }
}
