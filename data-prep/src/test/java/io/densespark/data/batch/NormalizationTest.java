package io.densespark.data.batch;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NormalizationTest {
    @Test
    void everyByteOfEveryChannelIsShiftedAndScaled() {
        Normalization normalization = new Normalization(List.of(0.25f, 0.5f), List.of(0.5f, 0.125f));
        float[] table = normalization.table(255);
        assertThat(table).hasSize(512);
        for (int c = 0; c < 2; c++) {
            for (int x = 0; x < 256; x++) {
                double expected = (x / 255.0 - (c == 0 ? 0.25 : 0.5)) / (c == 0 ? 0.5 : 0.125);
                assertThat((double) table[c * 256 + x]).isCloseTo(expected, within(1e-6));
            }
        }
    }

    @Test
    void aDataSetsOwnMeanAndDeviationAreTaken() {
        assertThat(Normalization.of(description(List.of(0.5, 0.25), List.of(0.125, 0.5))))
                .isEqualTo(new Normalization(List.of(0.5f, 0.25f), List.of(0.125f, 0.5f)));
    }

    @Test
    void aConstantChannelIsOnlyCentred() {
        assertThat(Normalization.of(description(List.of(0.5, 1.0), List.of(0.125, 0.0)))
                        .std())
                .containsExactly(0.125f, 1f);
    }

    @Test
    void unusableValuesAreNamed() {
        assertRefused(() -> new Normalization(List.of(0f), List.of(0f)), "std [0.0] is not positive");
        assertRefused(() -> new Normalization(List.of(0f), List.of(Float.NaN)), "std [NaN]");
        assertRefused(() -> new Normalization(List.of(Float.NaN), List.of(1f)), "mean [NaN] is not finite");
        assertRefused(() -> new Normalization(List.of(0f), List.of(1f, 1f)), "1 means and 2 standard deviations");
        assertRefused(() -> new Normalization(List.of(), List.of()), "0 means");
    }

    private static DatasetDescription description(List<Double> mean, List<Double> std) {
        Shard train = new Shard("train.parquet", 1, 1, "0".repeat(64));
        Shard test = new Shard("test.parquet", 1, 1, "0".repeat(64));
        return DatasetDescription.of(
                "test",
                "test",
                List.of("only"),
                new ImageShape(1, 1, 2),
                mean,
                std,
                Map.of("train", List.of(train), "test", List.of(test)));
    }
}
