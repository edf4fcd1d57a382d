package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.spark.harness.SubmittedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that begin with a model's weights, and runs at other recompute levels, on two executors. */
@Tag("slow")
class FineTuningIT {
    @TempDir
    private static Path shared;

    private static Path data;
    private static JsonNode first;

    @TempDir
    private Path folder;

    private int runs;

    @BeforeAll
    static void trainAModel() {
        data = TrainRun.digits(shared);
        first = TrainRun.resultOf(TrainRun.run(
                TrainRun.onTwoExecutors(),
                shared.resolve("first"),
                TrainRun.smallTraining(data, shared.resolve("model"), 2)));
    }

    private SubmittedJob.Result train(String name, int epochs, String... more) {
        return TrainRun.run(
                TrainRun.onTwoExecutors(),
                folder.resolve("run-" + ++runs),
                TrainRun.smallTraining(data, folder.resolve("save-" + name), epochs, more));
    }

    @Test
    void aRunThatBeginsWithAModelIsBetterThanOneThatBeginsAnewAndGoesOnFromItsCheckpoint() throws IOException {
        Path model = copyOf(Path.of(java.net.URI.create(first.get("model").asText())));
        SubmittedJob.Result tuned = train("tuned", 1, "--init", model.toString());
        JsonNode result = TrainRun.resultOf(tuned);
        assertThat(tuned.stdout()).contains("Initial weights from").contains("model.safetensors: 47 tensors loaded");
        assertThat(TrainRun.weightsOf(result)).isNotEqualTo(TrainRun.weightsOf(first));
        assertThat(lossInTheFirstEpoch(folder.resolve("save-tuned")))
                .isLessThan(lossInTheFirstEpoch(shared.resolve("model")));

        // The checkpoint of the one epoch is there, the weights that it began with are not.
        Path save = folder.resolve("save-tuned");
        Files.delete(save.resolve("result.json"));
        Files.delete(model.resolve("model.safetensors"));
        SubmittedJob.Result again = train("tuned", 1, "--init", model.toString());
        assertThat(again.stdout()).contains("going on after epoch 1").doesNotContain("Initial weights");
        assertThat(TrainRun.weightsOf(TrainRun.resultOf(again))).isEqualTo(TrainRun.weightsOf(result));
        Files.delete(save.resolve("result.json"));
        assertThat(TrainRun.errorOf(train("tuned", 1))).contains("init");
    }

    private static double lossInTheFirstEpoch(Path save) {
        return Double.parseDouble(Checkpoints.rows(save).get(1).split(",", -1)[1]);
    }

    private Path copyOf(Path model) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("copy"));
        for (String file : List.of("model.json", "model.safetensors")) {
            Files.copy(model.resolve(file), copy.resolve(file));
        }
        return copy;
    }

    @Test
    void everyLevelTrainsTheSameWeightsAndIsReported() {
        for (String asked : List.of("bottleneck", "auto")) {
            SubmittedJob.Result run = train(asked, 2, "--recompute", asked);
            JsonNode result = TrainRun.resultOf(run);
            assertThat(TrainRun.weightsOf(result)).isEqualTo(TrainRun.weightsOf(first));
            List<String> levels = new ArrayList<>();
            result.get("ranks").forEach(rank -> levels.add(rank.get("recompute").asText()));
            // So small a replica fits every machine.
            assertThat(levels).containsOnly(asked.equals("auto") ? "none" : asked);
        }
        first.get("ranks")
                .forEach(rank -> assertThat(rank.get("recompute").asText()).isEqualTo("activations"));
    }
}
