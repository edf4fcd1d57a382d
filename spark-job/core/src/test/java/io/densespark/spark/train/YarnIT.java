package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.SubmittedJob;
import io.densespark.spark.harness.YarnCluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job jar on a real YARN with data and output on its HDFS. */
@Tag("slow")
class YarnIT {
    @TempDir
    private static Path shared;

    private static YarnCluster yarn;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startACluster() throws IOException {
        yarn = YarnCluster.start(shared);
        yarn.files()
                .copyFromLocalFile(
                        new org.apache.hadoop.fs.Path(QuickDemo.data().toString()),
                        new org.apache.hadoop.fs.Path("/data"));
    }

    @AfterAll
    static void stopIt() {
        yarn.close();
    }

    private SubmittedJob.Result run(String deployMode, String... arguments) {
        return TrainRun.run(submit(deployMode), folder.resolve("train"), arguments);
    }

    private static SparkSubmit submit(String deployMode) {
        return SparkSubmit.toYarn(SparkHome.assembled(), yarn, deployMode);
    }

    @Test
    void inClientModeTheQuickDemoTrainsToTheWeightsOfALocalCluster() {
        SubmittedJob.Result run = run("client", QuickDemo.arguments("/data", "/client"));

        assertThat(TrainRun.weightsOf(TrainRun.resultOf(run))).isEqualTo(QuickDemo.weightsOnALocalCluster());
        assertThat(yarn.lastApplication()).startsWith("SUCCEEDED");
    }

    /** The recipe comes by --files: in cluster mode the driver is on another machine than the one that submits. */
    @Test
    void inClusterModeTheRecipeComesAlongAndTheResultLiesOnHdfs() throws IOException {
        Path recipe = folder.resolve("mine.yaml");
        Files.copy(SparkHome.conf().resolve("demo-mnist.yaml"), recipe);
        String[] arguments = QuickDemo.arguments("/data", "/cluster");
        arguments[List.of(arguments).indexOf("--recipe") + 1] = "mine.yaml";

        SubmittedJob.Result run = TrainRun.run(submit("cluster").file(recipe), folder.resolve("train"), arguments);

        assertThat(run.exitStatus()).as(run.stderr()).isZero();
        assertThat(yarn.lastApplication()).startsWith("SUCCEEDED");
        JsonNode result = TrainRun.json(read("/cluster/result.json"));
        assertThat(TrainRun.weightsOf(result)).isEqualTo(QuickDemo.weightsOnALocalCluster());
    }

    @Test
    void aJobThatFailsInClusterModeIsAFailedApplicationThatSaysWhy() {
        SubmittedJob.Result run = run("cluster", QuickDemo.arguments("/no-data", "/failed"));

        assertThat(run.exitStatus()).as(run.stderr()).isEqualTo(1);
        assertThat(yarn.lastApplication()).startsWith("FAILED").contains("/no-data/dataset.json");
    }

    @Test
    void tooLittleMemoryOverheadIsRefusedWithTheSettingToChange() throws IOException {
        SubmittedJob.Result run = TrainRun.run(
                submit("client").conf("spark.executor.memoryOverhead", "64m"),
                folder.resolve("train"),
                QuickDemo.arguments("/data", "/refused"));

        assertThat(TrainRun.errorOf(run))
                .contains("outside its heap")
                .contains("--conf spark.executor.memoryOverhead=");
        assertThat(yarn.lastApplication()).startsWith("FAILED");
        assertThat(yarn.files().exists(new org.apache.hadoop.fs.Path("/refused")))
                .isFalse();
    }

    private static String read(String file) throws IOException {
        FileSystem files = yarn.files();
        try (InputStream in = files.open(new org.apache.hadoop.fs.Path(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
