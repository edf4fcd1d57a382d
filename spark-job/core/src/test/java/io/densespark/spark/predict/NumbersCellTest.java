package io.densespark.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.ImageShape;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersCellTest {
    private static final ImageFiles NONE = new ImageFiles(
            encoded -> {
                throw new AssertionError("numbers aren't decoded");
            },
            new Configuration());

    private static byte[] read(double... numbers) throws BadImageException {
        return new NumbersCell(new ImageShape(1, 3, 1))
                .read(RowFactory.create(Vectors.dense(numbers)), 0, NONE)
                .values();
    }

    @Test
    void fractionsAreRoundedToTheNearest() throws BadImageException {
        assertThat(read(0.5, 254.49, 254.5)).containsExactly(1, 254, 255);
    }

    @Test
    void blackAndNearlyBlackWholeNumbersAreAnImage() throws BadImageException {
        assertThat(read(0, 1, 1)).containsExactly(0, 1, 1);
    }

    @Test
    void valuesThatAreScaledToOneAreToldApartFromABlackImage() {
        assertThatThrownBy(() -> read(0, 0.3, 1))
                .isInstanceOf(BadImageException.class)
                .hasMessageContaining("scaled to values of 0 to 1, and they are to be 0 to 255: multiply them by 255");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 256, Double.NaN, Double.POSITIVE_INFINITY})
    void valuesOutsideOfBytesAreRefused(double value) {
        assertThatThrownBy(() -> read(0, value, 100))
                .isInstanceOf(BadImageException.class)
                .hasMessageContaining("out of range: its values are to be 0 to 255, and one is " + value);
    }
}
