package io.densespark.benchmark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.benchmark.bigdl.BigDlBenchmarkSettings;
import io.densespark.benchmark.replica.ReplicaBenchmarkSettings;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchmarkCommandTest {
    private static ReplicaBenchmarkSettings parse(String... options) {
        BenchmarkReplicaCommand command = new BenchmarkReplicaCommand();
        new CommandLine(command).parseArgs(options);
        return command.settings();
    }

    @Test
    void withoutOptionsItMeasuresThePapersNetworkOnAllCores() {
        ReplicaBenchmarkSettings settings = parse();

        assertThat(settings.spec()).isEqualTo(DenseNetSpec.bc(100, 12, 3, 10));
        assertThat(settings.image()).isEqualTo(new ImageShape(32, 32));
        assertThat(settings.batch()).isEqualTo(64);
        assertThat(settings.levels())
                .containsExactly(RecomputeLevel.NONE, RecomputeLevel.ACTIVATIONS, RecomputeLevel.BOTTLENECK);
        assertThat(settings.rounds()).isEqualTo(3);
        assertThat(settings.steps()).isEqualTo(10);
        assertThat(settings.warmUp()).isEqualTo(10);
        assertThat(settings.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(settings.python()).isEmpty();
        assertThat(settings.json()).isEmpty();
        assertThat(settings.profile()).isFalse();
    }

    @Test
    void aGpusProfileIsForNvidiasTools() {
        assertThatThrownBy(() -> parse("--device=cuda", "--profile"))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("profile a GPU with NVIDIA's tools");
    }

    @Test
    void onlyPyTorchCompiles() {
        assertThatThrownBy(() -> parse("--compile"))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting compile is for PyTorch's rows");
    }

    @Test
    void everyOptionIsTaken() {
        ReplicaBenchmarkSettings settings = parse(
                "--preset=densenet-bc-40-12",
                "--image-size=28",
                "--batch=7",
                "--levels=bottleneck,none",
                "--rounds=2",
                "--steps=4",
                "--warm-up=1",
                "--threads=3",
                "--precision=fp32",
                "--python=/bin/python",
                "--compile",
                "--json=rows.json",
                "--profile");

        assertThat(settings.spec()).isEqualTo(DenseNetSpec.bc(40, 12, 3, 10));
        assertThat(settings.image()).isEqualTo(new ImageShape(28, 28));
        assertThat(settings.batch()).isEqualTo(7);
        assertThat(settings.levels()).containsExactly(RecomputeLevel.BOTTLENECK, RecomputeLevel.NONE);
        assertThat(settings.rounds()).isEqualTo(2);
        assertThat(settings.compile()).isTrue();
        assertThat(settings.steps()).isEqualTo(4);
        assertThat(settings.warmUp()).isEqualTo(1);
        assertThat(settings.threads()).isEqualTo(3);
        assertThat(settings.precision()).isEqualTo(Precision.FP32);
        assertThat(settings.device()).isEqualTo(Device.CPU);
        assertThat(settings.python()).contains("/bin/python");
        assertThat(settings.json()).contains("rows.json");
        assertThat(settings.profile()).isTrue();
    }

    @Test
    void anImageNetNetworkGetsImagesOfItsSize() {
        ReplicaBenchmarkSettings settings = parse("--preset=densenet-121", "--batch=8");

        assertThat(settings.image()).isEqualTo(new ImageShape(224, 224));
        assertThat(settings.spec().classes()).isEqualTo(1000);
    }

    @Test
    void anUnknownLevelOrPresetIsNamedWithTheKnownOnes() {
        assertThatThrownBy(() -> parse("--levels=some"))
                .hasMessage("setting levels has 'some': the levels are [none, activations, bottleneck]");
        assertThatThrownBy(() -> parse("--preset=resnet-50"))
                .hasMessageContaining("resnet-50")
                .hasMessageContaining("densenet-bc-100-12");
    }

    private static BigDlBenchmarkSettings parseBigDl(String... options) {
        BenchmarkBigDlCommand command = new BenchmarkBigDlCommand();
        new CommandLine(command).parseArgs(options);
        return command.settings();
    }

    @Test
    void besideBigDlItRunsOnAllCoresAndOnThisJvm() {
        BigDlBenchmarkSettings settings = parseBigDl("--data=hdfs://there/digits", "--preset=densenet-bc-40-12");

        assertThat(settings.data()).isEqualTo("hdfs://there/digits");
        assertThat(settings.network()).isEqualTo(DenseNetSpec.bc(40, 12, 3, 10));
        assertThat(settings.batch()).isEqualTo(64);
        assertThat(settings.rounds()).isEqualTo(2);
        assertThat(settings.steps()).isEqualTo(5);
        assertThat(settings.warmUp()).isEqualTo(5);
        assertThat(settings.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(settings.bigDlHome())
                .isEqualTo(Path.of("../runtime-bigdl/target/bigdl")
                        .toAbsolutePath()
                        .normalize());
        assertThat(settings.bigDlJava()).startsWith(System.getProperty("java.home"));
        assertThat(settings.bigDlHeap()).isEmpty();
        assertThat(settings.json()).isEmpty();
    }

    @Test
    void everyOptionOfTheComparisonWithBigDlIsTaken() {
        BigDlBenchmarkSettings settings = parseBigDl(
                "--data=digits",
                "--depth=22",
                "--growth-rate=8",
                "--batch=6",
                "--rounds=3",
                "--steps=4",
                "--warm-up=1",
                "--cores=3",
                "--bigdl-home=jars",
                "--bigdl-java=/jdk/bin/java",
                "--bigdl-heap=2g",
                "--json=rows.json");

        assertThat(settings)
                .isEqualTo(new BigDlBenchmarkSettings(
                        "digits",
                        DenseNetSpec.bc(22, 8, 3, 10),
                        6,
                        3,
                        4,
                        1,
                        3,
                        Path.of("jars"),
                        "/jdk/bin/java",
                        Optional.of("2g"),
                        Optional.of("rows.json")));
    }
}
