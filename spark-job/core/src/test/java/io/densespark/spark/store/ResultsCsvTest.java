package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.metrics.EpochRow;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ResultsCsvTest {
    private static final EpochRow FIRST =
            new EpochRow(1, 0.5, 0.25, 0.4, 0.125, 60, 50, 200, 1.5, 0.25, 123_456_789, "d1", 1, 1.25);
    private static final EpochRow SECOND =
            new EpochRow(2, 0.25, 0.125, Double.NaN, Double.NaN, 60, 50, 200, 1.5, 0.25, 123_456_789, "d2", 0, 1);

    @Test
    void theTableHasTheDemosColumnsFirstAndTheTestErrorAlone() {
        assertThat(ResultsCsv.format(List.of(FIRST, SECOND), OptionalDouble.of(0.0625)))
                .isEqualTo("""
                epoch,train_loss,train_error,valid_loss,valid_error,test_error,seconds,images_per_second,\
                all_reduce_seconds,data_wait_seconds,peak_bytes,slowest_rank,slowdown
                001,0.500000,0.250000,0.40000,0.12500,,60.000,200.0,1.500,0.250,123456789,1,1.250
                002,0.250000,0.125000,,,,60.000,200.0,1.500,0.250,123456789,0,1.000
                ,,,,,0.06250,,,,,,,
                """);
    }
}
