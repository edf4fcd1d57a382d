package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The very same test for every version of Spark that the job jar runs on. */
class TwentyStepsIT {
    @TempDir
    private Path folder;

    @Test
    void twoExecutorsTrainTwentyStepsToTheSameWeights() {
        Path data = TrainRun.digits(folder);

        JsonNode result = TrainRun.resultOf(TrainRun.run(
                TrainRun.onTwoExecutors(),
                folder.resolve("train"),
                TrainRun.smallTraining(data, folder.resolve("save"), 2)));

        JsonNode ranks = result.get("ranks");
        Set<Long> pids = new HashSet<>();
        List<List<String>> digests = new ArrayList<>();
        for (JsonNode rank : ranks) {
            assertThat(rank.get("steps").asInt()).isEqualTo(20);
            assertThat(rank.get("device").asText()).isEqualTo("cpu");
            assertThat(rank.get("all_reduce_bytes").asLong())
                    .isEqualTo(20 * 4 * result.get("parameters").asLong());
            pids.add(rank.get("pid").asLong());
            List<String> epochs = new ArrayList<>();
            rank.get("epoch_weights_sha256").forEach(digest -> epochs.add(digest.asText()));
            digests.add(epochs);
        }
        assertThat(pids).hasSize(2).doesNotContain(ProcessHandle.current().pid());
        assertThat(digests).hasSize(2);
        assertThat(digests.get(0)).hasSize(2).doesNotHaveDuplicates().isEqualTo(digests.get(1));
        assertThat(TrainRun.weightsOf(result)).isEqualTo(digests.get(0).get(1));
        assertThat(result.get("executors").asInt()).isEqualTo(2);
        assertThat(result.get("accuracy").asDouble()).isBetween(0.0, 1.0);
    }
}
