package io.densespark.data.batch;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchSlicesTest {
    @ParameterizedTest
    @CsvSource({
        "1, 23, 4",
        "2, 23, 4",
        "3, 23, 4",
        "5, 23, 4",
        "3, 64, 64",
        "5, 12, 12",
        "7, 100, 13",
        "2, 1, 8",
        "3, 0, 4"
    })
    void theRanksSlicesFollowOneAnotherOverAllExamples(int worldSize, int examples, int globalBatch) {
        int position = 0;
        for (int batch = 0; batch < new BatchSlices(globalBatch, 0, worldSize).batches(examples); batch++) {
            for (int rank = 0; rank < worldSize; rank++) {
                BatchSlices slices = new BatchSlices(globalBatch, rank, worldSize);
                assertThat(slices.first(examples, batch)).isEqualTo(position);
                assertThat(slices.count(examples, batch)).isBetween(0, slices.maxCount());
                position += slices.count(examples, batch);
            }
            assertThat(position).isEqualTo(Math.min(examples, (batch + 1) * globalBatch));
        }
        assertThat(position).isEqualTo(examples);
    }

    @Test
    void sharesOfABatchDifferByAtMostOne() {
        assertThat(new int[] {count(0), count(1), count(2)}).containsExactly(21, 21, 22);
    }

    @Test
    void aShortLastBatchLeavesRanksEmpty() {
        for (int rank = 0; rank < 5; rank++) {
            BatchSlices slices = new BatchSlices(10, rank, 5);
            assertThat(slices.batches(12)).isEqualTo(2);
            assertThat(slices.globalCount(12, 1)).isEqualTo(2);
            assertThat(slices.count(12, 1)).isEqualTo(rank == 2 || rank == 4 ? 1 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 45000, 64, 2", "2, 7, 4, 2", "3, 11, 6, 2", "4, 21, 16, 2", "5, 64, 15, 3"})
    void noShareHasFewerThanTheLeastAndNoneMoreThanTheMost(int worldSize, int examples, int globalBatch, int least) {
        int position = 0;
        for (int batch = 0; batch < new BatchSlices(globalBatch, 0, worldSize, least).batches(examples); batch++) {
            for (int rank = 0; rank < worldSize; rank++) {
                BatchSlices slices = new BatchSlices(globalBatch, rank, worldSize, least);
                int count = slices.count(examples, batch);
                assertThat(slices.first(examples, batch)).isEqualTo(position);
                assertThat(count == 0 || count >= least).isTrue();
                assertThat(count).isLessThanOrEqualTo(slices.maxCount());
                position += count;
            }
        }
        assertThat(position).isEqualTo(examples);
    }

    @Test
    void aBatchOfFewerThanTheLeastIsTheFirstRanksAlone() {
        assertThat(new BatchSlices(16, 0, 4, 2).count(17, 1)).isEqualTo(1);
        assertThat(new BatchSlices(16, 3, 4, 2).count(17, 1)).isZero();
    }

    @Test
    void sizesNearTheLargestIntDoNotOverflow() {
        BatchSlices slices = new BatchSlices(Integer.MAX_VALUE, 6, 7);
        assertThat(slices.batches(Integer.MAX_VALUE)).isEqualTo(1);
        assertThat(slices.count(Integer.MAX_VALUE, 0)).isEqualTo(306_783_379);
        assertThat(slices.maxCount()).isEqualTo(306_783_379);
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertRefused(() -> new BatchSlices(0, 0, 1), "batch 0");
        assertRefused(() -> new BatchSlices(1, 2, 2), "rank 2 is not in 0 to 1");
        assertRefused(() -> new BatchSlices(1, -1, 2), "rank -1");
        assertRefused(() -> new BatchSlices(1, 0, 0), "world size of 0");
        assertRefused(() -> new BatchSlices(1, 0, 1, 0), "least share 0");
    }

    private static int count(int rank) {
        return new BatchSlices(64, rank, 3).count(64, 0);
    }
}
