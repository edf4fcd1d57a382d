package io.densespark.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
    private static final int MANY = 100_000;

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.2, 0.5, 0.9})
    void theShareOfZerosIsAsAskedAndTheMeanIsOne(double share) {
        Dropout dropout = new Dropout(share, Dropout.key(1, 2, 3), 0);
        int zeros = 0;
        double sum = 0;
        for (int i = 0; i < MANY; i++) {
            float multiplier = dropout.multiplier(i);
            assertThat(multiplier == 0 || multiplier == (float) (1 / (1 - share)))
                    .isTrue();
            zeros += multiplier == 0 ? 1 : 0;
            sum += multiplier;
        }
        // Five standard deviations of a binomial share.
        double deviation = 5 * Math.sqrt(share * (1 - share) / MANY);
        assertThat((double) zeros / MANY).isCloseTo(share, within(deviation + 1e-12));
        assertThat(sum / MANY).isCloseTo(1, within(deviation / (1 - share) + 1e-6));
    }

    @Test
    void neighboursAreIndependent() {
        Dropout dropout = new Dropout(0.5, Dropout.key(7), 0);
        int both = 0;
        for (int i = 0; i < MANY; i++) {
            both += dropout.multiplier(i) == 0 && dropout.multiplier(i + 1) == 0 ? 1 : 0;
        }
        assertThat((double) both / MANY).isCloseTo(0.25, within(5 * Math.sqrt(0.25 * 0.75 / MANY)));
    }

    @Test
    void aPieceHasTheMaskOfItsPlaceInTheWhole() {
        Dropout whole = new Dropout(0.3, 11, 0);
        Dropout piece = new Dropout(0.3, 11, 4711);
        for (int i = 0; i < 1000; i++) {
            assertThat(piece.multiplier(i)).isEqualTo(whole.multiplier(4711 + i));
        }
    }

    @Test
    void everyPartOfAKeyMatters() {
        assertThat(Dropout.key(1, 2, 3)).isEqualTo(Dropout.key(1, 2, 3));
        assertThat(new long[] {Dropout.key(2, 1, 3), Dropout.key(1, 2, 4), Dropout.key(1, 2), Dropout.key(0, 2, 3)})
                .doesNotContain(Dropout.key(1, 2, 3))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN})
    void aShareOutOfRangeIsRefused(double share) {
        assertThatThrownBy(() -> new Dropout(share, 0, 0))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("dropout " + share);
    }
}
