package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.data.fixture.Digits;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.spark.harness.SubmittedJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two executors of which one gets a quarter of the time: the run says which. */
@Tag("slow")
class StragglerIT {
    private static final String SLOW_DOWN = "while kill -STOP $0; do sleep 0.06; kill -CONT $0; sleep 0.02; done";
    private static final int POLL_MILLIS = 20;

    @TempDir
    private Path folder;

    @Test
    void aRankWhoseProcessIsHeldUpIsNamedWhileItRunsAndInTheResults() throws Exception {
        Path data = Digits.prepare(folder, PrepareSettings.DEFAULT_ROWS_PER_SHARD);
        Path save = folder.resolve("save");
        List<String> arguments = new ArrayList<>(TrainRun.smallTraining(data, save, 1));
        arguments.set(arguments.indexOf("--valid-size") + 1, "4000");
        try (SubmittedJob job = TrainRun.onTwoExecutors()
                .conf("spark.executor.heartbeatInterval", "300ms")
                .start(folder.resolve("train"), arguments.toArray(String[]::new))) {
            while (job.isRunning() && !job.stdout().contains("  step ")) {
                Thread.sleep(POLL_MILLIS);
            }
            ProcessHandle executor = TrainRun.executorOf(job);
            long pid = executor.pid();
            Process slower = slowDown(pid);
            JsonNode result;
            SubmittedJob.Result run;
            try {
                run = job.await(TrainRun.LIMIT);
                result = TrainRun.resultOf(run);
            } finally {
                slower.destroy();
                // Stopped, it would neither end with the job nor hear a polite request.
                executor.destroyForcibly();
            }

            int slowest = result.get("slowest_rank").asInt();
            assertThat(result.get("ranks").get(slowest).get("pid").asLong()).isEqualTo(pid);
            assertThat(result.get("slowdown").asDouble()).isGreaterThan(1.3);
            assertThat(run.stdout())
                    .containsPattern("rank " + slowest + " on \\S+ is slow: its steps take \\d+\\.\\d times");
            assertThat(run.stdout()).doesNotContain("rank " + (1 - slowest) + " on");
            String[] row = Checkpoints.rows(save).get(1).split(",", -1);
            assertThat(Integer.parseInt(row[11])).isEqualTo(slowest);
            assertThat(Double.parseDouble(row[12])).isGreaterThan(1.3);
        }
    }

    /** Stops the process for most of the time, until it ends or this one does. */
    private static Process slowDown(long pid) throws IOException {
        return new ProcessBuilder("sh", "-c", SLOW_DOWN, Long.toString(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
