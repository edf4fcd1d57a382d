package io.densespark.benchmark.replica;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.benchmark.Json;
import io.densespark.benchmark.step.Implementation;
import io.densespark.benchmark.step.Layout;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Precision;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaRowTest {
    private static ReplicaRow row(
            Implementation implementation, RecomputeLevel level, double seconds, long bytes, double loss) {
        return row(implementation, level, Precision.FP32, seconds, bytes, loss);
    }

    private static ReplicaRow row(
            Implementation implementation,
            RecomputeLevel level,
            Precision precision,
            double seconds,
            long bytes,
            double loss) {
        return new ReplicaRow(
                implementation,
                Layout.NCHW,
                level,
                precision,
                2,
                seconds,
                0.9 * seconds,
                1.1 * seconds,
                seconds < 2,
                8 / seconds,
                level == null ? null : 90L,
                bytes,
                1234,
                2.5,
                loss);
    }

    @Test
    void theJsonHasExactlyTheDocumentedKeys() throws IOException {
        JsonNode rows =
                new ObjectMapper().readTree(Json.file(List.of(row(Implementation.NAIVE, null, 0.5, 100_000_000, 2.0))));

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).fieldNames())
                .toIterable()
                .containsExactly(
                        "implementation",
                        "layout",
                        "level",
                        "precision",
                        "threads",
                        "median_step_seconds",
                        "fastest_step_seconds",
                        "slowest_step_seconds",
                        "settled",
                        "images_per_second",
                        "planned_peak_bytes",
                        "measured_peak_bytes",
                        "parameters",
                        "loss_step1",
                        "loss_step2");
        assertThat(rows.get(0).get("level").isNull()).isTrue();
        assertThat(rows.get(0).get("planned_peak_bytes").isNull()).isTrue();
        assertThat(rows.get(0).get("images_per_second").asDouble()).isEqualTo(16.0);
    }

    @Test
    void ratiosAreToTheFasterLayoutOfPlainPyTorch() {
        String table = ReplicaTable.of(List.of(
                row(Implementation.DENSESPARK, RecomputeLevel.NONE, 0.25, 50_000_000, 2),
                row(Implementation.NAIVE, null, 1, 400_000_000, 2),
                row(Implementation.PYTORCH, null, 2, 300_000_000, 2),
                row(Implementation.PYTORCH, null, Precision.BF16, 0.4, 100_000_000, 2),
                row(Implementation.PYTORCH, null, 0.5, 200_000_000, 2)));

        assertThat(table.lines().toList().get(1)).startsWith("densespark").endsWith("  0.50      0.25");
        assertThat(table.lines().toList().get(2)).startsWith("naive").endsWith("  2.00      2.00");
        assertThat(table.lines().toList().get(4)).contains("bf16").endsWith("  0.80      0.50");
        assertThat(table.lines().toList().get(7))
                .isEqualTo("timed before the time of its steps had settled: pytorch (nchw, fp32)");
    }

    @Test
    void withoutPyTorchRatiosAreToNaive() {
        String table = ReplicaTable.of(List.of(
                row(Implementation.DENSESPARK, RecomputeLevel.NONE, 0.25, 50_000_000, 2),
                row(Implementation.NAIVE, null, 1, 400_000_000, 2)));

        assertThat(table.lines().toList().get(1)).endsWith("  0.25      0.13");
    }

    @Test
    void lossesThatAreEqualUpToRoundingPass() {
        assertThat(LossCheck.differences(List.of(
                        row(Implementation.DENSESPARK, RecomputeLevel.NONE, 1, 1, 2.00000),
                        row(Implementation.NAIVE, null, 1, 1, 2.00009))))
                .isEmpty();
    }

    @Test
    void lossesThatDifferAreListedRowByRow() {
        List<String> lines = LossCheck.differences(List.of(
                row(Implementation.DENSESPARK, RecomputeLevel.NONE, 1, 1, 2.0),
                row(Implementation.NAIVE, null, 1, 1, 2.0002)));

        assertThat(lines)
                .containsExactly("the losses of step 2 differ by more than 1.0E-4: densespark (none, fp32) 2.000000,"
                        + " naive (nchw, fp32) 2.000200");
    }

    @Test
    void roundedFactorsMayMakeLossesDifferByMore() {
        assertThat(LossCheck.differences(pair(Precision.TF32, Precision.TF32, 2.009)))
                .isEmpty();
        assertThat(LossCheck.differences(pair(Precision.FP32, Precision.FP32, 2.009)))
                .hasSize(1);
        assertThat(LossCheck.differences(pair(Precision.FP32, Precision.BF16, 2.09)))
                .isEmpty();
        assertThat(LossCheck.differences(pair(Precision.FP32, Precision.BF16, 2.11)))
                .singleElement()
                .asString()
                .contains("more than 0.1: densespark (none, fp32) 2.000000, pytorch (nchw, bf16) 2.110000");
    }

    private static List<ReplicaRow> pair(Precision ours, Precision theirs, double theirLoss) {
        return List.of(
                row(Implementation.DENSESPARK, RecomputeLevel.NONE, ours, 1, 1, 2.0),
                row(Implementation.PYTORCH, null, theirs, 1, 1, theirLoss));
    }

    @Test
    void aLossThatIsNoNumberFails() {
        assertThat(LossCheck.differences(List.of(
                        row(Implementation.DENSESPARK, RecomputeLevel.NONE, 1, 1, 2.0),
                        row(Implementation.NAIVE, null, 1, 1, Double.NaN))))
                .hasSize(1);
    }
}
