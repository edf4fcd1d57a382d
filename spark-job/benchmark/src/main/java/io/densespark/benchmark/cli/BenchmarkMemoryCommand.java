package io.densespark.benchmark.cli;

import io.densespark.benchmark.memory.MemoryBenchmark;
import io.densespark.spark.cli.JobContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code benchmark memory}: bytes of feature maps against depth. */
@Command(
        name = "memory",
        description = "Plans the feature maps of DenseNet-BC against depth, as a table and a plot.",
        mixinStandardHelpOptions = true)
final class BenchmarkMemoryCommand implements Callable<Integer> {
    private static final int DEFAULT_GROWTH = 12;
    private static final int DEFAULT_SIZE = 32;
    private static final int DEFAULT_BATCH = 64;
    private static final String DEFAULT_OUTPUT = "feature-maps.png";

    @Option(
            names = "--depths",
            paramLabel = "DEPTH,…",
            split = ",",
            description = "depths of the networks, each 6n + 4 (default 40,100,160,250)")
    private List<Integer> depths = List.of(40, 100, 160, 250);

    @Option(
            names = "--growth-rate",
            paramLabel = "K",
            description = "channels that each layer adds (default " + DEFAULT_GROWTH + ")")
    private int growthRate = DEFAULT_GROWTH;

    @Option(
            names = "--image-size",
            paramLabel = "PIXELS",
            description = "side of the images (default " + DEFAULT_SIZE + ")")
    private int imageSize = DEFAULT_SIZE;

    @Option(names = "--batch", paramLabel = "N", description = "images in a step (default " + DEFAULT_BATCH + ")")
    private int batch = DEFAULT_BATCH;

    @Option(
            names = "--output",
            paramLabel = "FILE|URI",
            description = "where the table is drawn, as a PNG (default " + DEFAULT_OUTPUT + ")")
    private String output = DEFAULT_OUTPUT;

    @Option(names = "--json", paramLabel = "FILE|URI", description = "writes the rows there as well")
    private Optional<String> json = Optional.empty();

    @Override
    public Integer call() {
        new MemoryBenchmark(depths, growthRate, imageSize, batch, output, json).run(JobContext.hadoop(), System.out);
        return ExitCode.OK;
    }
}
