package io.densespark.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final EpochRow FIRST =
            new EpochRow(1, 0.5, 0.25, 0.4, 0.125, 60, 50, 200, 1.5, 0.25, 123_456_789, "d1");
    private static final EpochRow SECOND =
            new EpochRow(2, 0.25, 0.125, Double.NaN, Double.NaN, 60, 50, 200, 1.5, 0.25, 123_456_789, "d2");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private ProgressPrinter printer(boolean terminal, int finished) {
        return new ProgressPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, 3, finished);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withoutATerminalEachEpochIsOneLineHoweverOftenItIsReported() {
        ProgressPrinter printer = printer(false, 0);
        printer.show(new Progress(1, 5, 10, 0.75, 100, List.of()));
        printer.show(new Progress(2, 1, 10, 0.5, 100, List.of(FIRST)));
        printer.show(new Progress(2, 2, 10, 0.5, 100, List.of(FIRST)));
        printer.show(new Progress(3, 1, 10, 0.5, 100, List.of(FIRST, SECOND)));

        assertThat(printed()).isEqualTo("""
                epoch 1/3  train loss 0.5000, error 25.00%  valid loss 0.4000, error 12.50%  60.0 s, 200 images/s
                epoch 2/3  train loss 0.2500, error 12.50%  60.0 s, 200 images/s
                """);
    }

    @Test
    void onATerminalALiveLineShowsStepLossSpeedAndTimeLeft() {
        ProgressPrinter printer = printer(true, 0);
        printer.show(new Progress(1, 5, 10, 0.75, 100, List.of()));
        assertThat(printed()).endsWith("epoch 1/3  step 5/10  loss 0.7500  100 images/s  ? left");

        printer.show(new Progress(2, 5, 10, 0.5, 210.4, List.of(FIRST)));
        assertThat(printed()).endsWith("epoch 2/3  step 5/10  loss 0.5000  210 images/s  1:30 left");
    }

    @Test
    void epochsOfAnEarlierProcessAreNotShownAgain() {
        printer(false, 1).show(new Progress(3, 1, 10, 0.5, 100, List.of(FIRST, SECOND)));

        assertThat(printed()).startsWith("epoch 2/3").hasLineCount(1);
    }

    @Test
    void theAccumulatorKeepsTheNewestProgress() {
        ProgressAccumulator driver = new ProgressAccumulator();
        ProgressAccumulator late = new ProgressAccumulator();
        late.add(new Progress(2, 3, 10, 0, 0, List.of()));
        ProgressAccumulator early = new ProgressAccumulator();
        early.add(new Progress(1, 9, 10, 0, 0, List.of()));

        assertThat(driver.isZero()).isTrue();
        driver.merge(late);
        driver.merge(early);
        driver.merge(new ProgressAccumulator());

        assertThat(driver.value()).isEqualTo(late.value());
        assertThat(driver.copyAndReset().isZero()).isTrue();
    }

    @Test
    void theTableHasTheDemosColumnsFirstAndTheTestErrorAlone() {
        assertThat(ResultsCsv.format(List.of(FIRST, SECOND), OptionalDouble.of(0.0625)))
                .isEqualTo("""
                epoch,train_loss,train_error,valid_loss,valid_error,test_error,seconds,images_per_second,\
                all_reduce_seconds,data_wait_seconds,peak_bytes
                001,0.500000,0.250000,0.40000,0.12500,,60.000,200.0,1.500,0.250,123456789
                002,0.250000,0.125000,,,,60.000,200.0,1.500,0.250,123456789
                ,,,,,0.06250,,,,,
                """);
    }

    @Test
    void theBestEpochHasTheLowestErrorThenTheLowestLossAndWithoutValidationIsTheLast() {
        EpochRow sameErrorLessLoss = new EpochRow(3, 0, 0, 0.3, 0.125, 0, 0, 0, 0, 0, 0, "");
        EpochRow lessErrorMoreLoss = new EpochRow(3, 0, 0, 9, 0.12, 0, 0, 0, 0, 0, 0, "");

        assertThat(sameErrorLessLoss.isBetterThan(FIRST)).isTrue();
        assertThat(lessErrorMoreLoss.isBetterThan(FIRST)).isTrue();
        assertThat(FIRST.isBetterThan(FIRST)).isFalse();
        assertThat(SECOND.isBetterThan(SECOND)).isTrue();
    }
}
