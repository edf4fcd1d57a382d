package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.data.DatasetDescription;
import io.densespark.data.Shard;
import io.densespark.data.files.Sha256;
import io.densespark.data.fixture.ImageFiles;
import io.densespark.data.shard.DecodedShard;
import io.densespark.data.shard.ShardReader;
import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.SubmittedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's own images, prepared by executors. */
@Tag("slow")
class PrepareIT {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeImages() {
        ImageFiles.fill(folder.resolve("pets/cat"), 40, 0x100000);
        ImageFiles.fill(folder.resolve("pets/dog"), 40, 0x800000);
    }

    @Test
    void imageFoldersBecomeTheSameShardsOnOneExecutorAndOnTwoWhateverTheSerializerAndAreTrainedOn() {
        DatasetDescription one = prepare(
                SparkSubmit.to(SparkHome.assembled(), "local[1]"), "one", "folder", "pets", "--valid-share", "0.25");
        DatasetDescription two = prepare(
                TrainRun.onTwoExecutors().conf("spark.serializer", "org.apache.spark.serializer.KryoSerializer"),
                "two",
                "folder",
                "pets",
                "--valid-share",
                "0.25");

        assertThat(one.counts())
                .containsEntry("train", 52L)
                .containsEntry("validation", 20L)
                .containsEntry("test", 8L);
        // Not the bytes: two JVMs may list a column's encodings in another order.
        assertThat(images("two", two)).isEqualTo(images("one", one));
        assertThat(two.mean()).isEqualTo(one.mean());

        JsonNode result = TrainRun.resultOf(TrainRun.run(
                TrainRun.onTwoExecutors(),
                folder.resolve("train"),
                List.of(
                        "train",
                        "--data",
                        folder.resolve("two").toString(),
                        "--save",
                        folder.resolve("save").toString(),
                        "--depth",
                        "10",
                        "--growth-rate",
                        "4",
                        "--epochs",
                        "1",
                        "--batch-size",
                        "26",
                        "--crop-padding",
                        "1",
                        "--seed",
                        "1")));
        assertThat(result.get("ranks").get(0).get("steps").asInt()).isEqualTo(2);
    }

    @Test
    void aTableIsPreparedWithItsBadRowsInQuarantine() throws IOException {
        List<String> lines = new ArrayList<>(List.of("path,label"));
        for (int i = 0; i < 40; i++) {
            lines.add(String.format(Locale.ROOT, "pets/cat/%03d.png,cat", i));
            lines.add(String.format(Locale.ROOT, "pets/dog/%03d.png,dog", i));
        }
        lines.add("pets/dog/gone.png,dog");
        lines.add("pets/dog/001.png.bak,");
        Files.write(folder.resolve("labels.csv"), lines);

        DatasetDescription made = prepare(
                TrainRun.onTwoExecutors(),
                "out",
                "csv",
                "labels.csv",
                "--rows-per-shard",
                "10",
                "--on-bad",
                "quarantine",
                "--max-bad",
                "0.05");

        assertThat(made.quarantined()).isEqualTo(2);
        assertThat(made.count("train") + made.count("test")).isEqualTo(80);
        assertThat(made.shards("train").stream().mapToInt(Shard::rows))
                .hasSizeBetween(7, 8)
                .allMatch(rows -> rows <= 10);
    }

    /** Labels and digest of the pixels of each shard, in order. */
    private List<String> images(String out, DatasetDescription dataset) {
        ShardReader reader = new ShardReader(
                new Configuration(),
                new org.apache.hadoop.fs.Path(folder.resolve(out).toUri()),
                dataset);
        List<String> images = new ArrayList<>();
        for (String split : List.of(DatasetDescription.TRAIN, DatasetDescription.VALIDATION, DatasetDescription.TEST)) {
            for (Shard shard : dataset.shards(split)) {
                DecodedShard decoded = reader.read(shard);
                images.add(split + Arrays.toString(decoded.labels()) + Sha256.of(decoded.pixels()));
            }
        }
        return images;
    }

    private DatasetDescription prepare(SparkSubmit submit, String out, String source, String input, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "prepare",
                "--source",
                source,
                "--input",
                folder.resolve(input).toString(),
                "--output",
                folder.resolve(out).toString()));
        arguments.addAll(List.of(more));
        SubmittedJob.Result run = TrainRun.run(submit, folder.resolve("run-" + out), arguments);
        assertThat(run.exitStatus()).as(run.stderr()).isZero();
        return DatasetDescription.read(
                new Configuration(),
                new org.apache.hadoop.fs.Path(folder.resolve(out).toUri()));
    }
}
