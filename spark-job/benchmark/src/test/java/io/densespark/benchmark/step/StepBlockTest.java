package io.densespark.benchmark.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepBlockTest {
    private static final StepMemory NO_MEMORY = new StepMemory(0, 0);

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        assertThat(BlockTimes.median(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(2.5);
        assertThat(BlockTimes.median(List.of(9.0, 1.0, 3.0))).isEqualTo(3);
    }

    /** As a process does whose allocator learns: each step is faster, then none is. */
    @Test
    void timeHasSettledOnceFiveStepsTakeAsLongAsTheFiveBefore() {
        List<Double> seconds = new ArrayList<>(List.of(2.7, 2.3, 2.1, 1.9, 1.7, 1.65, 1.6, 1.57));
        assertThat(StepBlock.hasSettled(seconds)).isFalse();
        seconds.addAll(List.of(1.57, 1.58));
        // Ten steps: 2.1 against 1.58.
        assertThat(StepBlock.hasSettled(seconds)).isFalse();
        seconds.addAll(List.of(1.57, 1.9, 1.56, 1.57));
        // One slow step doesn't matter; 1.58 against 1.57.
        assertThat(StepBlock.hasSettled(seconds)).isTrue();
        seconds.addAll(List.of(1.4, 1.4, 1.4));
        assertThat(StepBlock.hasSettled(seconds)).isFalse();
    }

    @Test
    void theTimeOfSeveralProcessesIsTheMedianOfTheirMedians() {
        BlockTimes times =
                BlockTimes.of(List.of(block(true, 3, 3, 9), block(true, 1, 2, 2), block(false, 2.5, 2.5, 2.5)));

        assertThat(times).isEqualTo(new BlockTimes(2.5, 2, 3, false));
        assertThat(BlockTimes.of(List.of(block(true, 1))).isSettled()).isTrue();
    }

    private static StepBlock block(boolean isSettled, double... seconds) {
        List<Double> all = new ArrayList<>();
        for (double one : seconds) {
            all.add(one);
        }
        return new StepBlock(List.of(), all, isSettled, NO_MEMORY);
    }
}
