package io.densespark.benchmark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.benchmark.cluster.ClusterBenchmarkSettings;
import io.densespark.benchmark.cluster.ClusterBenchmarkSettings.Scaling;
import io.densespark.model.network.Preset;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchmarkClusterCommandTest {
    private static ClusterBenchmarkSettings parse(String... options) {
        BenchmarkClusterCommand command = new BenchmarkClusterCommand();
        new CommandLine(command).parseArgs(options);
        return command.settings();
    }

    @Test
    void withoutOtherOptionsItScalesThePapersNetworkWeakly() {
        assertThat(parse("--replicas=1,2"))
                .isEqualTo(new ClusterBenchmarkSettings(
                        "DenseNet-BC, depth 100, growth rate 12",
                        Preset.of("densenet-bc-100-12").spec(),
                        32,
                        List.of(1, 2),
                        Scaling.WEAK,
                        64,
                        List.of(RecomputeLevel.ACTIVATIONS),
                        Precision.TF32,
                        20,
                        5,
                        1,
                        0));
    }

    @Test
    void everyOptionIsTaken() {
        assertThat(parse(
                        "--replicas=3,1",
                        "--preset=densenet-121",
                        "--global-batch=64",
                        "--image-size=64",
                        "--recompute=auto",
                        "--precision=bf16",
                        "--steps=4",
                        "--warm-up=1",
                        "--rounds=3",
                        "--checkpoints=folder",
                        "--checkpoint-steps=2",
                        "--json=rows.json",
                        "--report=report"))
                .isEqualTo(new ClusterBenchmarkSettings(
                        "densenet-121",
                        Preset.of("densenet-121").spec(),
                        64,
                        List.of(1, 3),
                        Scaling.STRONG,
                        64,
                        List.of(RecomputeLevel.values()),
                        Precision.BF16,
                        4,
                        1,
                        3,
                        2));
        assertThat(parse("--replicas=1", "--batch-per-replica=7").batch()).isEqualTo(7);
        assertThat(parse("--replicas=1", "--preset=densenet-121").imageSize()).isEqualTo(224);
    }

    @Test
    void checkpointsAreWrittenWhereThereIsAFolder() {
        assertThat(parse("--replicas=1", "--checkpoints=folder").checkpointSteps())
                .isEqualTo(10);
        assertThatThrownBy(() -> parse("--replicas=1", "--checkpoint-steps=5"))
                .hasMessageContaining("--checkpoint-steps 5")
                .hasMessageContaining("--checkpoints");
        assertThatThrownBy(() -> parse("--replicas=1", "--checkpoints=folder", "--checkpoint-steps=0"))
                .hasMessage("setting checkpoint-steps 0: must be at least 1");
        assertThatThrownBy(() -> parse("--replicas=1", "--checkpoints=folder", "--checkpoint-steps=3"))
                .hasMessageContaining("steps 20")
                .hasMessageContaining("checkpoint-steps 3");
    }

    @Test
    void bothKindsOfScalingAtOnceContradictEachOther() {
        assertThatThrownBy(() -> parse("--replicas=1,2", "--batch-per-replica=32", "--global-batch=64"))
                .hasMessageContaining("--batch-per-replica 32")
                .hasMessageContaining("--global-batch 64");
        assertThatThrownBy(() -> parse("--replicas=1", "--recompute=some")).hasMessageContaining("recompute is 'some'");
    }
}
