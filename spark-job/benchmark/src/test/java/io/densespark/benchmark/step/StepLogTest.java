package io.densespark.benchmark.step;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepLogTest {
    @Test
    void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        assertThat(StepLog.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
        assertThat(StepLog.median(new double[] {9, 1, 3})).isEqualTo(3);
    }
}
