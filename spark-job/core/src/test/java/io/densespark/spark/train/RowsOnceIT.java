package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.SubmittedJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranks fed from a DataFrame, one of which is killed. */
@Tag("slow")
class RowsOnceIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @TempDir
    private Path folder;

    @Test
    void everyRowComesOnceAnEpochWhateverThePartitionsAndAfterAKilledExecutor() throws Exception {
        Path shared = Files.createDirectory(folder.resolve("shared"));
        try (SubmittedJob job = SparkSubmit.toLocalCluster(SparkHome.assembled(), 2)
                .testJob(RowsOnceJob.class)
                .start(folder.resolve("job"), shared.toString())) {
            SubmittedJob.Result result = job.await(LIMIT);
            assertThat(result.exitStatus()).as(result.stderr()).isZero();
            for (int epoch = 0; epoch < RowsOnceJob.EPOCHS; epoch++) {
                assertThat(result.stdout())
                        .contains("epoch " + epoch + " met " + RowsOnceJob.ROWS + " rows, each once: true");
            }
        }
    }
}
