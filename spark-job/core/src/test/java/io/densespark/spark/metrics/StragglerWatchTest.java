package io.densespark.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StragglerWatchTest {
    private final StragglerWatch watch = new StragglerWatch(3);
    private final double[] ownSeconds = new double[3];
    private long steps;

    /** Lets all ranks do one window of steps that take them as long. */
    private List<String> window(double... stepSeconds) {
        steps += StragglerWatch.STEPS;
        return tell(StragglerWatch.STEPS, stepSeconds);
    }

    private List<String> tell(int since, double... stepSeconds) {
        RankProgress[] ranks = new RankProgress[ownSeconds.length];
        for (int rank = 0; rank < ownSeconds.length; rank++) {
            ownSeconds[rank] += since * stepSeconds[rank];
            ranks[rank] = Ranks.after(rank, steps, ownSeconds[rank]);
        }
        return watch.see(Ranks.run(ranks));
    }

    @Test
    void aRankThatStaysSlowIsNamedOnceWithItsHostAndByHowMuch() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            lines.addAll(window(1.0, 1.9, 1.1));
        }

        assertThat(lines).containsExactly("rank 1 on host-1 is slow: its steps take 1.8 times the other ranks' median");
    }

    @Test
    void itIsNamedAfterThreeWindowsInARowAndNoSooner() {
        window(1, 1, 1);
        assertThat(window(1, 1, 2)).isEmpty();
        assertThat(window(1, 1, 2)).isEmpty();
        assertThat(window(1, 1, 1)).isEmpty();
        assertThat(window(1, 1, 2)).isEmpty();
        assertThat(window(1, 1, 2)).isEmpty();
        assertThat(window(1, 1, 2)).hasSize(1);
    }

    @Test
    void aRankAtTheBorderIsNamedOnceAndClearedOnlyWhenItKeepsUp() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            lines.addAll(window(i % 4 == 3 ? 1.25 : 1.35, 1, 1));
            lines.addAll(window(1.35, 1, 1));
        }
        assertThat(lines).hasSize(1).first().asString().startsWith("rank 0 on host-0 is slow");

        lines.clear();
        for (int i = 0; i < 5; i++) {
            lines.addAll(window(1.1, 1, 1));
        }
        assertThat(lines)
                .containsExactly("rank 0 on host-0 keeps up again: its steps take 1.1 times the other ranks' median");
    }

    @Test
    void noiseAndEqualRanksAreNotNamed() {
        assertThat(window(0, 0, 0)).isEmpty();
        for (int i = 0; i < 30; i++) {
            double[] noise = {1, 1, 1};
            noise[i % 3] = 1.6;
            assertThat(window(noise)).isEmpty();
        }
    }

    @Test
    void aWindowEndsWhenEveryRankHasDoneItsSteps() {
        window(1, 1, 1);
        RankProgress[] ranks = {Ranks.after(0, 100, 100), Ranks.after(1, 100, 900), Ranks.after(2, 9, 9)};
        for (int i = 0; i < 10; i++) {
            assertThat(watch.see(Ranks.run(ranks))).isEmpty();
        }
    }

    @Test
    void aRankThatHasNotToldAnythingIsWaitedFor() {
        for (int i = 1; i < 10; i++) {
            assertThat(watch.see(Ranks.run(Ranks.after(0, 10L * i, 10 * i), Ranks.after(1, 10L * i, 90 * i))))
                    .isEmpty();
        }
    }

    @Test
    void oneOfTwoIsComparedWithTheOtherAndARankAloneWithNobody() {
        StragglerWatch two = new StragglerWatch(2);
        StragglerWatch alone = new StragglerWatch(1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            lines.addAll(two.see(Ranks.run(Ranks.after(0, 10L * i, 10 * i), Ranks.after(1, 10L * i, 20 * i))));
            assertThat(alone.see(Ranks.run(Ranks.after(0, 10L * i, Math.exp(i)))))
                    .isEmpty();
        }

        assertThat(lines).containsExactly("rank 1 on host-1 is slow: its steps take 2.0 times the other ranks' median");
    }

    @Test
    void theSlowestRankIsTheOneWithTheLongestOwnTimeByTheMedianOfTheOthers() {
        assertThat(SlowestRank.of(7)).isEqualTo(new SlowestRank(0, 1));
        assertThat(SlowestRank.of(2, 3)).isEqualTo(new SlowestRank(1, 1.5));
        assertThat(SlowestRank.of(8, 2, 4)).isEqualTo(new SlowestRank(0, 8.0 / 3));
        assertThat(SlowestRank.of(1, 5, 6, 2)).isEqualTo(new SlowestRank(2, 3));
        assertThat(SlowestRank.of(3, 3, 3)).isEqualTo(new SlowestRank(0, 1));
        assertThat(SlowestRank.of(0, 0)).isEqualTo(new SlowestRank(0, 1));
        assertThat(SlowestRank.slowdown(1, 2, 3, 4)).isEqualTo(1);
    }
}
