package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochProgressTest {
    private static final EpochProgress OF_TWO = new EpochProgress(
            5, 1, List.of(new RankSums(10.5, 7, 33, 65, 900, 100, 20), new RankSums(11.5, 12, 32, 65, 800, 200, 40)));

    @Test
    void asManyRanksGoOnFromTheirOwnSums() {
        assertThat(OF_TWO.of(0, 2)).isEqualTo(OF_TWO.ranks().get(0));
        assertThat(OF_TWO.of(1, 2)).isEqualTo(OF_TWO.ranks().get(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 100})
    void moreOrFewerRanksShareTheSumsAndNothingIsLost(int worldSize) {
        List<RankSums> parts = IntStream.range(0, worldSize)
                .mapToObj(rank -> OF_TWO.of(rank, worldSize))
                .toList();

        assertThat(parts.stream().mapToInt(RankSums::correct).sum()).isEqualTo(19);
        assertThat(parts.stream().mapToInt(RankSums::examples).sum()).isEqualTo(65);
        assertThat(parts.stream().mapToDouble(RankSums::lossSum).sum()).isCloseTo(22, within(1e-12));
        assertThat(parts)
                .allMatch(part -> part.globalImages() == 65
                        && part.nanos() == 900
                        && part.allReduceNanos() == 150
                        && part.dataWaitNanos() == 30);
    }

    @Test
    void runningStatisticsWeighWhatTheirRanksHaveSeen() {
        assertThat(OF_TWO.weights()).containsExactly(33 / 65.0, 32 / 65.0);
    }

    @Test
    void stepsWithoutSumsAndSumsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new EpochProgress(1, 0, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EpochProgress(0, 0, OF_TWO.ranks())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RankSums(Double.NaN, 0, 0, 0, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RankSums(0, 2, 1, 1, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
