package io.densespark.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Bfloat16Test {
    @Test
    void everyNumberComesBackFromItsFloat() {
        for (int bits = Short.MIN_VALUE; bits <= Short.MAX_VALUE; bits++) {
            float value = Bfloat16.toFloat((short) bits);
            if (!Float.isNaN(value)) {
                assertThat(Bfloat16.of(value)).isEqualTo((short) bits);
            }
        }
    }

    /** 1 + 2⁻⁷ is the number after 1; of two that are as near the even one is taken. */
    @ParameterizedTest
    @CsvSource({
        "1.0, 1.0",
        "1.00390625, 1.0",
        "1.0039064, 1.0078125",
        "1.01171875, 1.015625",
        "-1.01171875, -1.015625",
        "3.39e38, 3.3895314e38",
        "3.4e38, Infinity",
        "0.0, 0.0"
    })
    void floatsAreRoundedToTheNearestTiesToEven(float value, float nearest) {
        assertThat(Bfloat16.toFloat(Bfloat16.of(value))).isEqualTo(nearest);
    }

    @Test
    void noOtherNumberIsNearer() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            float value = (float) random.nextGaussian();
            short bits = Bfloat16.of(value);
            float off = Math.abs(Bfloat16.toFloat(bits) - value);
            assertThat(off)
                    .isLessThanOrEqualTo(Math.abs(Bfloat16.toFloat((short) (bits + 1)) - value))
                    .isLessThanOrEqualTo(Math.abs(Bfloat16.toFloat((short) (bits - 1)) - value));
        }
    }

    @Test
    void whatIsNoNumberStaysNoneAndInfinitiesStay() {
        assertThat(Bfloat16.toFloat(Bfloat16.of(Float.NaN))).isNaN();
        assertThat(Bfloat16.toFloat(Bfloat16.of(Float.intBitsToFloat(0x7fffffff))))
                .isNaN();
        assertThat(Bfloat16.toFloat(Bfloat16.of(Float.POSITIVE_INFINITY))).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(Bfloat16.toFloat(Bfloat16.of(Float.NEGATIVE_INFINITY))).isEqualTo(Float.NEGATIVE_INFINITY);
    }
}
