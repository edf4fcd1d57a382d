package io.densespark.benchmark.cli;

import io.densespark.benchmark.SettingCheck;
import io.densespark.benchmark.cluster.ClusterBenchmark;
import io.densespark.benchmark.cluster.ClusterBenchmarkSettings;
import io.densespark.benchmark.cluster.ClusterBenchmarkSettings.Scaling;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import io.densespark.spark.cli.ImageSizeOption;
import io.densespark.spark.cli.JobContext;
import io.densespark.spark.cli.NetworkOptions;
import io.densespark.spark.cli.Place;
import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.SettingValues;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code benchmark cluster}: what a cluster gives, by the number of replicas. */
@Command(
        name = "cluster",
        description = "Measures training steps on the cluster with different numbers of replicas.",
        mixinStandardHelpOptions = true)
final class BenchmarkClusterCommand implements Callable<Integer> {
    private static final int DEFAULT_BATCH = 64;
    private static final int DEFAULT_STEPS = 20;
    private static final int DEFAULT_WARM_UP = 5;
    private static final int DEFAULT_CHECKPOINT_STEPS = 10;

    @Option(
            names = "--replicas",
            required = true,
            paramLabel = "N,…",
            split = ",",
            description = "numbers of replicas; efficiency is relative to the smallest")
    private List<Integer> replicas = List.of();

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Mixin
    private ImageSizeOption imageSize = new ImageSizeOption();

    @Option(
            names = "--batch-per-replica",
            paramLabel = "N",
            description = "weak scaling: images of each replica in a step (default " + DEFAULT_BATCH + ")")
    private Optional<Integer> batchPerReplica = Optional.empty();

    @Option(
            names = "--global-batch",
            paramLabel = "N",
            description = "strong scaling, instead: images of all replicas together in a step")
    private Optional<Integer> globalBatch = Optional.empty();

    @Option(
            names = "--recompute",
            paramLabel = "LEVEL",
            description = "none, activations (default), bottleneck or auto, as in training")
    private String recompute = "activations";

    @Option(
            names = "--precision",
            paramLabel = "fp32|tf32|bf16",
            description = "of the replicas (default tf32, which is fp32 on CPUs)")
    private Precision precision = Precision.TF32;

    @Option(names = "--steps", paramLabel = "N", description = "timed steps (default " + DEFAULT_STEPS + ")")
    private int steps = DEFAULT_STEPS;

    @Option(names = "--warm-up", paramLabel = "N", description = "steps before them (default " + DEFAULT_WARM_UP + ")")
    private int warmUp = DEFAULT_WARM_UP;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description =
                    "how often all numbers of replicas are measured, one after the other, for a machine whose speed"
                            + " changes (default 1)")
    private int rounds = 1;

    @Option(
            names = "--checkpoints",
            paramLabel = "DIR|URI",
            description =
                    "measures what checkpoints cost that are written there, in as many steps again; they are removed"
                            + " in the end")
    private Optional<String> checkpoints = Optional.empty();

    @Option(
            names = "--checkpoint-steps",
            paramLabel = "N",
            description = "steps from one to the next (default " + DEFAULT_CHECKPOINT_STEPS + ")")
    private Optional<Integer> checkpointSteps = Optional.empty();

    @Option(
            names = "--json",
            paramLabel = "FILE|URI",
            description = "writes the rows there as well: a file of the driver, or a URI of a Hadoop file system")
    private Optional<String> json = Optional.empty();

    @Option(
            names = "--report",
            paramLabel = "DIR|URI",
            description = "writes an HTML page with plots into that folder, as index.html")
    private Optional<String> report = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ClusterBenchmarkSettings settings = settings();
        JobContext.runBarrier(
                "benchmark",
                OptionalInt.of(settings.mostReplicas()),
                sc -> ClusterBenchmark.run(
                        sc,
                        settings,
                        checkpoints.map(place -> Place.of("--checkpoints", place, sc.hadoopConfiguration())),
                        json,
                        report,
                        command(),
                        System.out));
        return ExitCode.OK;
    }

    ClusterBenchmarkSettings settings() {
        if (batchPerReplica.isPresent() && globalBatch.isPresent()) {
            throw new JobException("--batch-per-replica " + batchPerReplica.get() + " and --global-batch "
                    + globalBatch.get()
                    + " contradict each other when replicas grow: give the first for weak scaling, the "
                    + "second for strong scaling");
        }
        if (checkpointSteps.isPresent() && checkpoints.isEmpty()) {
            throw new JobException("--checkpoint-steps " + checkpointSteps.get()
                    + " says how often checkpoints are written: give --checkpoints a folder for them as well");
        }
        checkpointSteps.ifPresent(steps -> SettingCheck.atLeast(1, "checkpoint-steps", steps));
        DenseNetSpec spec = network.spec();
        return new ClusterBenchmarkSettings(
                network.name(),
                spec,
                imageSize.of(spec),
                replicas,
                globalBatch.isPresent() ? Scaling.STRONG : Scaling.WEAK,
                globalBatch.or(() -> batchPerReplica).orElse(DEFAULT_BATCH),
                levels(),
                precision,
                steps,
                warmUp,
                rounds,
                checkpoints.isPresent() ? checkpointSteps.orElse(DEFAULT_CHECKPOINT_STEPS) : 0);
    }

    private List<RecomputeLevel> levels() {
        return SettingValues.parse(Map.of(Setting.RECOMPUTE.key(), recompute))
                .get(Setting.RECOMPUTE)
                .orElseThrow(() -> new IllegalStateException("recompute was given"));
    }

    private String command() {
        return "densespark "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }
}
