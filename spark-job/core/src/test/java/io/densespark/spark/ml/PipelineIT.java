package io.densespark.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.SubmittedJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline fitted on executors of their own, saved by one release of Spark and loaded by another. */
@Tag("slow")
class PipelineIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Pattern PREDICTIONS =
            Pattern.compile("Spark (\\d), (\\d+) right, 120 as in SQL, predictions ([0-9a-f]{64})");

    @TempDir
    private Path folder;

    private int runs;

    private Matcher run(SparkHome spark, String what, Path model) {
        try (SubmittedJob job = SparkSubmit.toLocalCluster(spark, 2)
                .testJob(PipelineJob.class)
                .start(folder.resolve("run-" + ++runs), what, model.toString())) {
            SubmittedJob.Result result = job.await(LIMIT);
            assertThat(result.exitStatus()).as(result.stderr()).isZero();
            Matcher line = PREDICTIONS.matcher(result.stdout());
            assertThat(line.find()).as(result.stdout()).isTrue();
            return line;
        }
    }

    @Test
    void oneReleaseOfSparkLoadsWhatAnotherHasSavedAndPredictsTheSame() {
        Path here = folder.resolve("here");
        Matcher fitted = run(SparkHome.assembled(), "fit", here);
        assertThat(Integer.parseInt(fitted.group(2))).isGreaterThan(100);
        Matcher loaded = run(SparkHome.reference(), "load", here);
        assertThat(loaded.group(3)).isEqualTo(fitted.group(3));

        Path there = folder.resolve("there");
        Matcher reference = run(SparkHome.reference(), "fit", there);
        assertThat(run(SparkHome.assembled(), "load", there).group(3)).isEqualTo(reference.group(3));
    }
}
