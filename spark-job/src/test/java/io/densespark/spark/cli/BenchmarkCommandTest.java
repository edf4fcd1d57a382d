package io.densespark.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.memory.RecomputeLevel;
import io.densespark.model.spec.DenseNetSpec;
import io.densespark.model.spec.ImageShape;
import io.densespark.spark.benchmark.ReplicaBenchmarkSettings;
import java.nio.file.Path;
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
        assertThat(settings.steps()).isEqualTo(10);
        assertThat(settings.warmUp()).isEqualTo(3);
        assertThat(settings.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(settings.python()).isEmpty();
        assertThat(settings.json()).isEmpty();
        assertThat(settings.profile()).isFalse();
    }

    @Test
    void everyOptionIsTaken() {
        ReplicaBenchmarkSettings settings = parse(
                "--preset=densenet-bc-40-12",
                "--image-size=28",
                "--batch=7",
                "--levels=bottleneck,none",
                "--steps=4",
                "--warm-up=1",
                "--threads=3",
                "--python=/bin/python",
                "--json=rows.json",
                "--profile");

        assertThat(settings.spec()).isEqualTo(DenseNetSpec.bc(40, 12, 3, 10));
        assertThat(settings.image()).isEqualTo(new ImageShape(28, 28));
        assertThat(settings.batch()).isEqualTo(7);
        assertThat(settings.levels()).containsExactly(RecomputeLevel.BOTTLENECK, RecomputeLevel.NONE);
        assertThat(settings.steps()).isEqualTo(4);
        assertThat(settings.warmUp()).isEqualTo(1);
        assertThat(settings.threads()).isEqualTo(3);
        assertThat(settings.python()).contains("/bin/python");
        assertThat(settings.json()).contains(Path.of("rows.json"));
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
}
