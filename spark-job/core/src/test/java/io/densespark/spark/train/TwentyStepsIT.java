package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.spark.harness.SubmittedJob;
import io.densespark.spark.tensorboard.EventReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The very same test for every version of Spark that the job jar runs on. */
@Tag("slow")
class TwentyStepsIT {
    @TempDir
    private Path folder;

    @Test
    void twoExecutorsTrainTwentyStepsToTheSameWeights() throws IOException {
        Path data = TrainRun.digits(folder);

        Path eventLog = Files.createDirectory(folder.resolve("events"));
        SubmittedJob.Result run = TrainRun.run(
                TrainRun.onTwoExecutors()
                        // As the defaults of many clusters have it.
                        .conf("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                        .conf("spark.eventLog.enabled", "true")
                        .conf("spark.eventLog.dir", eventLog.toUri().toString())
                        .conf("spark.eventLog.compress", "false")
                        .conf("spark.eventLog.rolling.enabled", "false")
                        .conf("spark.executor.heartbeatInterval", "300ms"),
                folder.resolve("train"),
                TrainRun.smallTraining(data, folder.resolve("save"), 2));
        JsonNode result = TrainRun.resultOf(run);

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
        assertThat(run.stdout())
                .containsPattern("epoch [12]/2  step \\d+/10  loss \\d\\.\\d{4}  \\d+ images/s  all-reduce \\d+\\.\\d%"
                        + "  \\d+:\\d\\d left\n");
        Map<String, String> figures = figures(eventLog);
        assertThat(figures)
                .containsOnlyKeys(
                        "densespark.epoch",
                        "densespark.step",
                        "densespark.loss",
                        "densespark.images per second",
                        "densespark.all-reduce share",
                        "densespark.time left",
                        "densespark.slowest rank")
                .containsEntry("densespark.epoch", "2/2")
                .containsEntry("densespark.step", "10/10")
                .containsEntry("densespark.time left", "0:00");
        assertThat(Float.parseFloat(figures.get("densespark.loss")))
                .isEqualTo(
                        EventReader.series(folder.resolve("save/tensorboard"))
                                .get("step/loss")
                                .get(20L),
                        within(1e-4f));
    }

    /** A file of Spark's own, not Hadoop's checksum of one. */
    private static boolean isLog(Path file) {
        return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
    }

    /** The accumulators of the stage that trained, by Spark's event log, which its history server shows. */
    private static Map<String, String> figures(Path eventLog) {
        try (Stream<Path> files = Files.walk(eventLog)) {
            Map<String, String> figures = new HashMap<>();
            for (Path file : files.filter(TwentyStepsIT::isLog).toList()) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode event = TrainRun.json(line);
                    if (event.path("Event").asText().equals("SparkListenerStageCompleted")) {
                        event.at("/Stage Info/Accumulables").forEach(accumulable -> {
                            String name = accumulable.path("Name").asText();
                            if (name.startsWith("densespark.")) {
                                figures.put(name, accumulable.get("Value").asText());
                            }
                        });
                    }
                }
            }
            return figures;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
