package io.densespark.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpochRestTest {
    private static final int IMAGES = 23;
    private static final int BATCH = 6;

    private static EpochShare share(int rank, int worldSize) {
        int[] order = IntStream.range(0, IMAGES).map(i -> i * 7 % IMAGES).toArray();
        return new SharedOrder(order, new BatchSlices(BATCH, rank, worldSize));
    }

    private static List<Integer> images(EpochShare share, int batches) {
        List<Integer> images = new ArrayList<>();
        for (int batch = 0; batch < batches; batch++) {
            for (int position = 0; position < share.count(batch); position++) {
                images.add(share.image(batch, position));
            }
        }
        return images;
    }

    /** However many ranks an epoch began with, and however many end it. */
    @ParameterizedTest
    @CsvSource({"4, 3, 0", "4, 3, 1", "4, 3, 2", "3, 5, 3", "1, 2, 4"})
    void aBeginningAndItsRestAreTheWholeEpochOnce(int before, int after, int done) {
        List<Integer> seen = new ArrayList<>();
        for (int rank = 0; rank < before; rank++) {
            seen.addAll(images(share(rank, before), done));
        }
        for (int rank = 0; rank < after; rank++) {
            EpochShare rest = new EpochRest(share(rank, after), done);
            seen.addAll(images(rest, rest.batches()));
        }

        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, IMAGES).boxed().toList());
    }

    @Test
    void countsAndPlacesAreThoseOfTheWholeEpochsBatches() {
        EpochShare rest = new EpochRest(share(1, 2), 3);

        assertThat(rest.batches()).isEqualTo(1);
        assertThat(rest.globalCount(0)).isEqualTo(5);
        assertThat(rest.count(0)).isEqualTo(3);
        assertThat(rest.first(0)).isEqualTo(20);
        assertThat(rest.maxCount()).isEqualTo(3);
    }

    @Test
    void moreBatchesThanThereAreCannotBeDone() {
        assertThatThrownBy(() -> new EpochRest(share(0, 1), 5))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("an epoch of 4 batches can't have 5 behind it");
    }
}
