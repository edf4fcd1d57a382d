package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.data.fixture.Digits;
import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.SubmittedJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Commands of the job jar on small data, and what they print. */
final class TrainRun {
    static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int DIGITS = 1000;
    private static final String RESULT = "RESULT ";

    private TrainRun() {}

    /** A submission to two executor processes of one core. */
    static SparkSubmit onTwoExecutors() {
        return SparkSubmit.toLocalCluster(SparkHome.assembled(), 2);
    }

    /** Prepares the first bundled digits in {@code folder/data}: 1,000 to learn from and 1,000 to test. */
    static Path digits(Path folder) {
        return Digits.prepareFirst(folder, DIGITS, DIGITS);
    }

    /** Options of a run of a few seconds: 640 training images, ten steps an epoch. */
    static List<String> smallTraining(Path data, Path save, int epochs, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "train",
                "--data",
                data.toString(),
                "--save",
                save.toString(),
                "--depth",
                "10",
                "--growth-rate",
                "4",
                "--epochs",
                Integer.toString(epochs),
                "--batch-size",
                "64",
                "--valid-size",
                "360",
                "--crop-padding",
                "2",
                "--flip",
                "false",
                "--seed",
                "7"));
        options.addAll(List.of(more));
        return options;
    }

    static SubmittedJob.Result run(SparkSubmit submit, Path folder, String... arguments) {
        try (SubmittedJob job = submit.start(folder, arguments)) {
            return job.await(LIMIT);
        }
    }

    static SubmittedJob.Result run(SparkSubmit submit, Path folder, List<String> arguments) {
        return run(submit, folder, arguments.toArray(String[]::new));
    }

    /** The JSON behind RESULT on the last line of standard output, of a run that has succeeded. */
    static JsonNode resultOf(SubmittedJob.Result run) {
        assertThat(run.exitStatus()).as(run.stderr()).isZero();
        List<String> lines = run.stdout().lines().toList();
        String last = lines.get(lines.size() - 1);
        assertThat(last).startsWith(RESULT);
        return json(last.substring(RESULT.length()));
    }

    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    /** The digest of the weights at the end, which all ranks must share. */
    static String weightsOf(JsonNode result) {
        List<String> digests = new ArrayList<>();
        result.get("ranks")
                .forEach(rank -> digests.add(rank.get("weights_sha256").asText()));
        assertThat(digests).allMatch(digests.get(0)::equals);
        return digests.get(0);
    }

    /** The executors' processes, which are the driver's children. */
    static List<ProcessHandle> executorsOf(SubmittedJob job) {
        return ProcessHandle.of(job.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(process -> process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
                .toList();
    }

    static ProcessHandle executorOf(SubmittedJob job) {
        return executorsOf(job).get(0);
    }

    /** A failed command's single line for the user. */
    static String errorOf(SubmittedJob.Result run) {
        assertThat(run.exitStatus()).as(run.stderr()).isEqualTo(1);
        List<String> errors =
                run.stderr().lines().filter(line -> line.startsWith("error: ")).toList();
        assertThat(errors).as(run.stderr()).hasSize(1);
        return errors.get(0);
    }
}
