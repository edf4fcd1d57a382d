package io.densespark.data.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
    private static final int[] HUNDRED = IntStream.range(0, 100).map(i -> 3 * i).toArray();

    @Test
    void everyIndexIsInTheOrderOnce() {
        int[] order = EpochOrder.permutation(1, 0, HUNDRED);
        Arrays.sort(order);
        assertThat(order).isEqualTo(HUNDRED);
    }

    @Test
    void theSameSeedAndEpochGiveTheSameOrder() {
        assertThat(EpochOrder.permutation(5, 7, HUNDRED)).isEqualTo(EpochOrder.permutation(5, 7, HUNDRED));
    }

    @Test
    void theOrderIsTheSameOnEveryPlatformAndRelease() {
        int[] ten = IntStream.range(0, 10).toArray();
        // From scripts/epoch-order.py.
        assertThat(EpochOrder.permutation(42, 3, ten)).containsExactly(9, 0, 4, 5, 1, 3, 6, 2, 7, 8);
    }

    @Test
    void theIndicesGivenAreNotChanged() {
        int[] indices = HUNDRED.clone();
        EpochOrder.permutation(1, 1, indices);
        assertThat(indices).isEqualTo(HUNDRED);
    }

    @Test
    void neighbouringSeedsAndEpochsGiveDifferentOrders() {
        Set<String> orders = new HashSet<>();
        for (int seed = -5; seed < 5; seed++) {
            for (int epoch = 0; epoch < 10; epoch++) {
                orders.add(Arrays.toString(EpochOrder.permutation(seed, epoch, HUNDRED)));
            }
        }
        assertThat(orders).hasSize(100);
    }

    @Test
    void everyPositionReceivesEveryIndexAboutEquallyOften() {
        int[][] counts = new int[6][6];
        int[] indices = IntStream.range(0, 6).toArray();
        int epochs = 60_000;
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = EpochOrder.permutation(9, epoch, indices);
            for (int position = 0; position < 6; position++) {
                counts[position][order[position]]++;
            }
        }
        // 10,000 expected, a standard deviation of 91: five of them.
        for (int[] position : counts) {
            assertThat(position)
                    .satisfies(row -> assertThat(Arrays.stream(row)).allMatch(n -> Math.abs(n - 10_000) < 456));
        }
    }

    @Test
    void emptyAndSingleOrdersAreThemselves() {
        assertThat(EpochOrder.permutation(1, 1, new int[0])).isEmpty();
        assertThat(EpochOrder.permutation(1, 1, new int[] {8})).containsExactly(8);
    }
}
