package io.densespark.data.batch;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainValidationSplitTest {
    @Test
    void everyImageIsOnOneSide() {
        TrainValidationSplit split = TrainValidationSplit.of(100, 30, 1);
        assertThat(split.train()).hasSize(70).isSorted();
        assertThat(split.validation()).hasSize(30).isSorted();
        assertThat(IntStream.concat(IntStream.of(split.train()), IntStream.of(split.validation()))
                        .sorted())
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void theSameSeedGivesTheSameSplitAndAnotherSeedAnother() {
        int[] validation = TrainValidationSplit.of(100, 30, 1).validation();
        assertThat(TrainValidationSplit.of(100, 30, 1).validation()).isEqualTo(validation);
        assertThat(TrainValidationSplit.of(100, 30, 2).validation()).isNotEqualTo(validation);
    }

    @Test
    void withoutValidationAllImagesAreTrainedOn() {
        TrainValidationSplit split = TrainValidationSplit.of(3, 0, 1);
        assertThat(split.train()).containsExactly(0, 1, 2);
        assertThat(split.validation()).isEmpty();
    }

    @Test
    void aSplitCannotBeChangedThroughItsArrays() {
        TrainValidationSplit split = TrainValidationSplit.of(3, 0, 1);
        split.train()[0] = 99;
        assertThat(split.train()).containsExactly(0, 1, 2);
    }

    @Test
    void validationMustLeaveSomethingToTrainOn() {
        assertRefused(() -> TrainValidationSplit.of(100, 100, 1), "validation size 100", "give 0 to 99");
        assertRefused(() -> TrainValidationSplit.of(100, -1, 1), "validation size -1");
    }
}
