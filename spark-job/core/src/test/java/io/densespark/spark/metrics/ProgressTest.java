package io.densespark.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final EpochRow FIRST =
            new EpochRow(1, 0.5, 0.25, 0.4, 0.125, 60, 50, 200, 1.5, 0.25, 123_456_789, "d1", 1, 1.25);
    private static final EpochRow SECOND =
            new EpochRow(2, 0.25, 0.125, Double.NaN, Double.NaN, 60, 50, 200, 1.5, 0.25, 123_456_789, "d2", 0, 1);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int columns = 200;
    private long seconds;

    private ProgressPrinter printer(boolean terminal, int finished) {
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new ProgressPrinter(out, terminal, () -> columns, 3, finished, () -> TimeUnit.SECONDS.toNanos(seconds));
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void inALogEachEpochIsOneLineHoweverOftenItIsReportedAndEveryHalfMinuteTellsWhereTheRunStands() {
        ProgressPrinter printer = printer(false, 0);
        for (; seconds < 45; seconds++) {
            printer.show(Ranks.run(Ranks.at(0, 1, 5, 30, 40)));
        }
        for (; seconds < 120; seconds++) {
            printer.show(Ranks.run(Ranks.at(0, 2, 1, 20, 40, FIRST)));
        }
        printer.show(Ranks.run(Ranks.at(0, 3, 1, 20, 40, FIRST, SECOND)));
        printer.finished(List.of(FIRST, SECOND));

        assertThat(printed()).isEqualTo("""
                epoch 1/3  step 5/10  loss 0.7500  100 images/s  all-reduce 0.0%  0:25 left
                epoch 1/3  step 5/10  loss 0.7500  100 images/s  all-reduce 0.0%  0:25 left
                epoch 1/3  train loss 0.5000, error 25.00%  valid loss 0.4000, error 12.50%  60.0 s, 200 images/s
                epoch 2/3  step 1/10  loss 0.5000  100 images/s  all-reduce 0.0%  1:54 left
                epoch 2/3  step 1/10  loss 0.5000  100 images/s  all-reduce 0.0%  1:54 left
                epoch 2/3  train loss 0.2500, error 12.50%  60.0 s, 200 images/s
                epoch 3/3  step 1/10  loss 0.5000  100 images/s  all-reduce 0.0%  0:54 left
                """);
    }

    @Test
    void onATerminalALiveLineShowsStepLossSpeedAllReduceAndTimeLeft() {
        ProgressPrinter printer = printer(true, 0);
        printer.show(Ranks.run(Ranks.at(0, 1, 5, 30, 40)));
        assertThat(printed())
                .endsWith("\r\u001b[Kepoch 1/3  step 5/10  loss 0.7500  100 images/s  all-reduce 0.0%  0:25 left");

        printer.show(Ranks.run(Ranks.at(0, 2, 5, 20, 40, FIRST), Ranks.at(1, 2, 4, 10, 20)));
        assertThat(printed())
                .endsWith("\r\u001b[Kepoch 2/3  step 5/10  loss 0.5000  100 images/s  all-reduce 11.1%  1:30 left");
    }

    @Test
    void theLiveLineIsCutToTheTerminalAsItIsAtTheMoment() {
        ProgressPrinter printer = printer(true, 0);
        columns = 30;
        printer.show(Ranks.run(Ranks.at(0, 1, 5, 30, 40)));
        assertThat(printed()).isEqualTo("\r\u001b[Kepoch 1/3  step 5/10  loss 0.");

        columns = 12;
        printer.show(Ranks.run(Ranks.at(0, 1, 6, 30, 40)));
        assertThat(printed()).endsWith("\r\u001b[Kepoch 1/3  ");

        columns = 0;
        printer.show(Ranks.run(Ranks.at(0, 1, 7, 30, 40)));
        assertThat(printed()).endsWith("\r\u001b[K");
    }

    @Test
    void linesThatStayAreNotCut() {
        columns = 30;
        printer(true, 0).finished(List.of(FIRST));

        assertThat(printed()).contains("60.0 s, 200 images/s");
    }

    @Test
    void theWidthIsWhatTheTerminalSaysOrElseTheEnvironmentOrElseUsual() {
        assertThat(TerminalWidth.parse("24 133\n")).hasValue(133);
        assertThat(TerminalWidth.parse("0 0\n")).isEmpty();
        assertThat(TerminalWidth.parse("")).isEmpty();
        assertThat(TerminalWidth.parse("stty: 'standard input': Inappropriate ioctl for device"))
                .isEmpty();
        assertThat(TerminalWidth.ofVariable(Optional.of("120"))).isEqualTo(120);
        assertThat(TerminalWidth.ofVariable(Optional.of("wide"))).isEqualTo(80);
        assertThat(TerminalWidth.ofVariable(Optional.empty())).isEqualTo(80);
        assertThat(TerminalWidth.columns()).isPositive();
    }

    @Test
    void epochsOfAnEarlierProcessAreNotShownAgain() {
        ProgressPrinter printer = printer(false, 1);
        printer.finished(List.of(FIRST, SECOND));

        assertThat(printed()).startsWith("epoch 2/3").hasLineCount(1);
    }

    @Test
    void theFiguresAreThoseOfAllRanksEachWeightedByItsExamples() {
        RunProgress run = Ranks.run(Ranks.at(0, 2, 3, 33, 33), Ranks.at(1, 2, 4, 96, 32), Ranks.at(2, 1, 10, 0, 0));

        assertThat(run.loss()).isEqualTo(129.0 / 65);
        assertThat(Figure.EPOCH.of(run)).isEqualTo("2/3");
        assertThat(Figure.STEP.of(run)).isEqualTo("4/10");
        // Rank 2 has told nothing of this epoch yet.
        assertThat(run.allReduceShare()).isEqualTo(1.0 / 7);
    }

    @Test
    void aLongTimeLeftIsInHours() {
        EpochRow long1 = new EpochRow(1, 0, 0, 0, 0, 3661, 0, 0, 0, 0, 0, "", 0, 1);

        assertThat(Figure.TIME_LEFT.of(Ranks.run(Ranks.at(0, 2, 5, 1, 1, long1))))
                .isEqualTo("1 h 31 min");
    }

    @Test
    void theAccumulatorKeepsOfEachRankTheNewest() {
        ProgressAccumulator<RunProgress> driver = new ProgressAccumulator<>(run -> run);
        assertThat(driver.isZero()).isTrue();
        for (RankProgress told : List.of(
                Ranks.at(0, 2, 3, 1, 1), Ranks.at(1, 1, 7, 1, 1), Ranks.at(0, 1, 9, 1, 1), Ranks.at(1, 1, 8, 1, 1))) {
            ProgressAccumulator<RunProgress> task = new ProgressAccumulator<>(run -> run);
            task.add(RunProgress.of(Ranks.at(told.rank(), 1, 1, 9, 9)));
            task.add(RunProgress.of(told));
            driver.merge(task);
        }
        driver.merge(new ProgressAccumulator<>(run -> run));

        assertThat(driver.value()).isEqualTo(Ranks.run(Ranks.at(0, 2, 3, 1, 1), Ranks.at(1, 1, 8, 1, 1)));
        assertThat(driver.copyAndReset().isZero()).isTrue();
    }

    @Test
    void theBestEpochHasTheLowestErrorThenTheLowestLossAndWithoutValidationIsTheLast() {
        EpochRow sameErrorLessLoss = new EpochRow(3, 0, 0, 0.3, 0.125, 0, 0, 0, 0, 0, 0, "", 0, 1);
        EpochRow lessErrorMoreLoss = new EpochRow(3, 0, 0, 9, 0.12, 0, 0, 0, 0, 0, 0, "", 0, 1);

        assertThat(sameErrorLessLoss.isBetterThan(FIRST)).isTrue();
        assertThat(lessErrorMoreLoss.isBetterThan(FIRST)).isTrue();
        assertThat(FIRST.isBetterThan(FIRST)).isFalse();
        assertThat(SECOND.isBetterThan(SECOND)).isTrue();
    }
}
