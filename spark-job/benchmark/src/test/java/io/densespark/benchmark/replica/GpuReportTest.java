package io.densespark.benchmark.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.cuda.GpuFacts;
import io.densespark.model.tensor.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;

class GpuReportTest {
    private static final GpuFacts GPU = new GpuFacts("A <small> GPU", "9.0", 80_000_000_000L, "13.1", "13.0", true);

    @Test
    void whatIsTooFarOffOrNoNumberHasFailed() {
        assertThat(new GpuFinding("net", Precision.FP32, "loss", 1e-5, 1e-4).isPassed())
                .isTrue();
        assertThat(new GpuFinding("net", Precision.FP32, "loss", 2e-4, 1e-4).isPassed())
                .isFalse();
        assertThat(new GpuFinding("net", Precision.FP32, "loss", Double.NaN, 1e-4).isPassed())
                .isFalse();
    }

    @Test
    void textAndPageNameTheGpuAndWhatFailed() {
        GpuReport report = new GpuReport(new GpuCheck.Result(
                "1.2",
                GPU,
                List.of(
                        new GpuFinding("BC-16-5", Precision.TF32, "loss", 0.003, 0.01),
                        new GpuFinding("BC-16-5", Precision.TF32, "other bits at none", 7, 0)),
                List.of()));

        assertThat(report.text().lines())
                .startsWith(
                        "DenseSpark 1.2 on A <small> GPU",
                        "network  precision  what                  found  at most",
                        "BC-16-5  tf32       loss                3.0e-03  1.0e-02",
                        "BC-16-5  tf32       other bits at none  7.0e+00        0  FAILED");
        assertThat(report.page())
                .contains("<h1>DenseSpark 1.2 on A &lt;small&gt; GPU</h1>", "<td>FAILED</td>", "<td>80000.0 MB</td>");
    }
}
