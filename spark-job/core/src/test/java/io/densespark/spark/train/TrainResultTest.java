package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrainResultTest {
    /** Programs that read the line RESULT know these names. */
    @Test
    void theResultIsOneLineWhoseNamesAndOrderStay() {
        TrainResult.Rank rank = new TrainResult.Rank(
                0, "1", "here", 42, "cpu", "activations", 10, 1024, 2.5, "ab", List.of("cd", "ab"));
        TrainResult result =
                new TrainResult(0.75, 100.5, 7, 2, 3.5, 4, 3, 99, -7, 1, 1.25, "file:/model", List.of(rank));

        assertThat(result.toJson())
                .isEqualTo("{\"accuracy\":0.75,\"images_per_second\":100.5,\"peak_bytes\":7,\"executors\":2,"
                        + "\"train_seconds\":3.5,\"epochs\":4,\"best_epoch\":3,\"parameters\":99,\"seed\":-7,"
                        + "\"slowest_rank\":1,\"slowdown\":1.25,\"model\":\"file:/model\",\"ranks\":[{\"rank\":0,"
                        + "\"executor\":\"1\",\"host\":\"here\",\"pid\":42,\"device\":\"cpu\","
                        + "\"recompute\":\"activations\",\"steps\":10,\"all_reduce_bytes\":1024,\"own_seconds\":2.5,"
                        + "\"weights_sha256\":\"ab\",\"epoch_weights_sha256\":[\"cd\",\"ab\"]}]}");
    }
}
