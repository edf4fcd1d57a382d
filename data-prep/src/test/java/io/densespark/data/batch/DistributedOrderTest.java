package io.densespark.data.batch;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistributedOrderTest {
    private static DistributedOrder order(int[] counts, int rank, int globalBatch) {
        // Images are told apart by their rank.
        int[] own = IntStream.range(0, counts[rank]).map(i -> 1000 * rank + i).toArray();
        return new DistributedOrder(own, counts, rank, globalBatch);
    }

    @ParameterizedTest
    @CsvSource({"10-10-10,6", "10-11-10,6", "1-0-90-9,16", "0-0-7,3", "5-5,64", "100-99,7", "3,1", "1000-1,64"})
    void everyImageComesOnceAndNoBatchIsLargerThanAskedFor(String sizes, int globalBatch) {
        int[] counts =
                Arrays.stream(sizes.split("-")).mapToInt(Integer::parseInt).toArray();
        List<Integer> taken = new ArrayList<>();
        int position = 0;
        for (int batch = 0; batch < order(counts, 0, globalBatch).batches(); batch++) {
            int global = 0;
            for (int rank = 0; rank < counts.length; rank++) {
                DistributedOrder order = order(counts, rank, globalBatch);
                assertThat(order.first(batch)).isEqualTo(position + global);
                assertThat(order.count(batch)).isBetween(0, order.maxCount());
                for (int i = 0; i < order.count(batch); i++) {
                    taken.add(order.image(batch, i));
                }
                global += order.count(batch);
            }
            for (int rank = 0; rank < counts.length; rank++) {
                assertThat(order(counts, rank, globalBatch).globalCount(batch)).isEqualTo(global);
            }
            assertThat(global).isBetween(1, globalBatch);
            position += global;
        }
        List<Integer> all = new ArrayList<>();
        for (int rank = 0; rank < counts.length; rank++) {
            for (int i = 0; i < counts[rank]; i++) {
                all.add(1000 * rank + i);
            }
        }
        assertThat(taken).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void noRankTakesMoreThanItsShareOfAFullBatch() {
        for (int rank = 0; rank < 3; rank++) {
            BatchSlices full = new BatchSlices(64, rank, 3);
            assertThat(order(new int[] {640, 650, 630}, rank, 64).maxCount()).isLessThanOrEqualTo(full.count(64, 0));
        }
    }

    @Test
    void batchesAreAsFewAsTheFullestRankAllows() {
        assertThat(order(new int[] {320, 320}, 0, 64).batches()).isEqualTo(10);
        assertThat(order(new int[] {321, 319}, 0, 64).batches()).isEqualTo(11);
        assertThat(order(new int[] {0, 0}, 0, 64).batches()).isZero();
    }

    @Test
    void theLeastShareOfARankWithImagesIsKnown() {
        assertThat(order(new int[] {320, 0, 33}, 0, 30).leastCount()).isEqualTo(1);
        assertThat(order(new int[] {320, 64}, 0, 64).leastCount()).isEqualTo(6);
    }

    @Test
    void aBatchWithFewerImagesThanRanksIsRefused() {
        assertRefused(() -> order(new int[] {5, 5, 5}, 0, 2), "batch 2", "3 ranks");
    }
}
