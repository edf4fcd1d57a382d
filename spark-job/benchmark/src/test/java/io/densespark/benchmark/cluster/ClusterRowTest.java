package io.densespark.benchmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.replica.BatchResult;
import io.densespark.model.replica.PassTimes;
import io.densespark.model.replica.StepOutcome;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ClusterRowTest {
    private static final double CLOSE = 1e-12;

    private final ClusterRow first = ClusterRow.of(8, List.of(Ranks.alone(0.5, 0.9, 0.5, 0.6, 0.5)), Optional.empty());
    private final ClusterRow second = ClusterRow.of(
            24,
            List.of(
                    Ranks.rank(0, 30, 0.80, 0.80, 0.80),
                    Ranks.rank(1, 70, 0.88, 0.90, 0.86),
                    Ranks.rank(2, 50, 0.70, 0.72, 0.84)),
            Optional.of(first));

    @Test
    void imagesPerSecondAreTheGlobalBatchByTheMedianStep() {
        assertThat(first.imagesPerSecond()).isCloseTo(8 / 0.5, within(CLOSE));
        assertThat(first.step().max()).isCloseTo(0.9, within(CLOSE));
        assertThat(second.imagesPerSecond()).isCloseTo(24, within(CLOSE));
    }

    @Test
    void efficiencyIsRelativeToAReplicaOfTheFirstRow() {
        assertThat(first.efficiency()).isEqualTo(1);
        assertThat(second.efficiency()).isCloseTo((24 / 3.0) / 16, within(CLOSE));
    }

    @Test
    void sharesAreThoseOfTheMeanStepAndAddUpToOne() {
        double own = DoubleStream.of(0.8, 0.8, 0.8, 0.88, 0.9, 0.86, 0.7, 0.72, 0.84)
                .average()
                .orElseThrow();

        assertThat(second.meanStep()).isCloseTo(1, within(CLOSE));
        assertThat(second.share(Phase.FORWARD)).isCloseTo(own / 4, within(CLOSE));
        assertThat(second.share(Phase.RECOMPUTE)).isCloseTo(own / 8, within(CLOSE));
        assertThat(second.share(Phase.ALL_REDUCE)).isCloseTo(1 - own, within(CLOSE));
        for (ClusterRow row : List.of(first, second)) {
            assertThat(Arrays.stream(Phase.values()).mapToDouble(row::share).sum())
                    .isCloseTo(1, within(CLOSE));
        }
    }

    @Test
    void theAllReduceWithoutWaitingIsThatOfTheLastRankToArrive() {
        assertThat(second.leastAllReduce()).isCloseTo((0.12 + 0.10 + 0.14) / 3, within(CLOSE));
    }

    @Test
    void theSlowestRankIsNamedWithWhatItTakesMoreThanTheOthers() {
        assertThat(first.slowest()).isEmpty();
        assertThat(second.slowest().orElseThrow().rank()).isEqualTo(1);
        assertThat(second.slowerBy()).isCloseTo(0.88 / ((0.80 + 0.72) / 2) - 1, within(CLOSE));
        assertThat(ClusterTable.slowest(second)).isEqualTo("rank 1 (executor 11 on node<1>), 15.8% above the others");
    }

    @Test
    void aBlockWithACheckpointIsComparedWithTheOneBesideIt() {
        CheckpointCost cost = CheckpointCost.of(2, 7, new double[] {1, 3, 2, 2, 5}, new double[] {3, 3, 2, 3, 9});

        assertThat(cost.ratios()).containsExactly(6 / 4.0, 5 / 4.0);
        assertThat(cost.spread().median()).isCloseTo(1.375, within(CLOSE));
        assertThat(first.checkpointCost(0)).isEmpty();
        assertThat(first.checkpointCost(5).orElseThrow().ratios()).containsExactly(1.5);
        assertThat(second.checkpointCost(1).orElseThrow().bytes()).isEqualTo(5_000_000);
    }

    @Test
    void aLaterRoundsStepsComeBehindTheFirst() {
        MeasuredRank joined = Ranks.rank(1, 30, 0.5, 0.75).and(Ranks.rank(1, 20, 0.25));

        assertThat(joined.steps()).extracting(StepTimes::own).containsExactly(0.5, 0.75, 0.25);
        assertThat(joined.checkpointed()).hasSize(3);
        assertThat(joined.peakBytes()).isEqualTo(30);
    }

    @Test
    void theLargestReplicasMemoryCounts() {
        assertThat(second.peakBytes()).isEqualTo(70);
    }

    @Test
    void quartilesLieBetweenTheValues() {
        assertThat(Spread.of(DoubleStream.of(4, 1, 2, 3))).isEqualTo(new Spread(1, 1.75, 2.5, 3.25, 4));
        assertThat(Spread.of(DoubleStream.of(7))).isEqualTo(new Spread(7, 7, 7, 7, 7));
    }

    @Test
    void busBandwidthIsWhatALinkCarries() {
        SweepPoint point = new SweepPoint(1_000_000, 0.001);

        assertThat(point.algorithmBandwidth()).isCloseTo(1e9, within(1.0));
        assertThat(point.busBandwidth(2)).isCloseTo(1e9, within(1.0));
        assertThat(point.busBandwidth(4)).isCloseTo(1.5e9, within(1.0));
    }

    @Test
    void theRestOfAStepIsNeverNegative() {
        StepOutcome outcome = new StepOutcome(BatchResult.EMPTY, 1, true, new PassTimes(1, 2, 3), 4, 5);

        StepTimes times = StepTimes.of(outcome, 6, 20.999999);

        assertThat(times.other()).isZero();
        assertThat(times.total()).isEqualTo(21);
        assertThat(times.own()).isEqualTo(17);
    }
}
