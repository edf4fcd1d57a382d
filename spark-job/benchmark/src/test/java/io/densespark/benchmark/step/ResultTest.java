package io.densespark.benchmark.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {
    private static BenchmarkRow row(String implementation, String level, double seconds, long bytes, double loss) {
        return new BenchmarkRow(
                implementation,
                "nchw",
                level,
                2,
                seconds,
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
                new ObjectMapper().readTree(BenchmarkRow.json(List.of(row("naive", null, 0.5, 100_000_000, 2.0))));

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).fieldNames())
                .toIterable()
                .containsExactly(
                        "implementation",
                        "layout",
                        "level",
                        "threads",
                        "median_step_seconds",
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
        String table = ResultTable.of(List.of(
                row("densespark", "none", 0.25, 50_000_000, 2),
                row("naive", null, 1, 400_000_000, 2),
                row("pytorch", null, 2, 300_000_000, 2),
                row("pytorch", null, 0.5, 200_000_000, 2)));

        assertThat(table.lines().toList().get(1)).startsWith("densespark").endsWith("    0.50       0.25");
        assertThat(table.lines().toList().get(2)).startsWith("naive").endsWith("    2.00       2.00");
    }

    @Test
    void withoutPyTorchRatiosAreToNaive() {
        String table = ResultTable.of(
                List.of(row("densespark", "none", 0.25, 50_000_000, 2), row("naive", null, 1, 400_000_000, 2)));

        assertThat(table.lines().toList().get(1)).endsWith("    0.25       0.13");
    }

    @Test
    void lossesThatAreEqualUpToRoundingPass() {
        assertThat(LossCheck.differences(
                        List.of(row("densespark", "none", 1, 1, 2.00000), row("naive", null, 1, 1, 2.00009))))
                .isEmpty();
    }

    @Test
    void lossesThatDifferAreListedRowByRow() {
        List<String> lines =
                LossCheck.differences(List.of(row("densespark", "none", 1, 1, 2.0), row("naive", null, 1, 1, 2.0002)));

        assertThat(lines)
                .containsExactly("the losses of step 2 differ by more than 1.0E-4: densespark (none) 2.000000,"
                        + " naive (nchw) 2.000200");
    }

    @Test
    void aLossThatIsNoNumberFails() {
        assertThat(LossCheck.differences(
                        List.of(row("densespark", "none", 1, 1, 2.0), row("naive", null, 1, 1, Double.NaN))))
                .hasSize(1);
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        assertThat(StepLog.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
        assertThat(StepLog.median(new double[] {9, 1, 3})).isEqualTo(3);
    }
}
