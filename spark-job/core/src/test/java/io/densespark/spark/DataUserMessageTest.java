package io.densespark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import io.densespark.data.batch.ImageSet;
import io.densespark.data.source.BigDlSource;
import io.densespark.data.source.IdxSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.SequenceFile.Writer;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataUserMessageTest {
    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    @Test
    void imagesOfSeveralSizesCallForTheOptionThatScalesThem() throws IOException {
        for (String split : List.of("train", "val")) {
            try (Writer writer = SequenceFile.createWriter(
                    conf,
                    Writer.file(new Path(folder.resolve(split).resolve("a.seq").toUri())),
                    Writer.keyClass(Text.class),
                    Writer.valueClass(Text.class))) {
                writer.append(new Text("1"), image(1, 2));
                writer.append(new Text("1"), image(2, 2));
            }
        }
        Throwable error = catchThrowable(() -> BigDlSource.open(conf, new Path(folder.toUri()), OptionalInt.empty()));
        assertThat(UserMessage.of(error))
                .endsWith("(height x width x channels), where all must have one size: "
                        + "give --image-size N to scale them and cut their central N x N");
    }

    @Test
    void aSplitTooLargeForTheHeapCallsForSparksMemorySettings() {
        Shard train = new Shard("train.parquet", 1 << 10, 10, "0".repeat(64));
        Shard test = new Shard("test.parquet", 1, 10, "0".repeat(64));
        DatasetDescription dataset = DatasetDescription.of(
                "large",
                "nowhere",
                List.of("one"),
                new ImageShape(64, 64, 1),
                List.of(0.5),
                List.of(0.5),
                Map.of("train", List.of(train), "test", List.of(test)));
        Throwable error =
                catchThrowable(() -> ImageSet.load(dataset, new Path(folder.toUri()), conf, "train", 1 << 20));
        assertThat(UserMessage.of(error))
                .isEqualTo("split train of large takes 5 MiB in memory and 1 MiB are free for it: "
                        + "raise spark.executor.memory (on a local master spark.driver.memory) by 4m or more");
    }

    @Test
    void severalSetsInAFolderCallForTheOptionThatChooses() throws IOException {
        Files.createFile(folder.resolve("train-images-idx3-ubyte"));
        Files.createFile(folder.resolve("emnist-letters-train-images-idx3-ubyte"));
        Throwable error = catchThrowable(() -> IdxSource.open(conf, new Path(folder.toUri()), Optional.empty()));
        assertThat(UserMessage.of(error))
                .endsWith(" has several data sets, emnist-letters, mnist: give --set with the one to take, "
                        + "or --input with a folder that has one only");
    }

    private static Text image(int width, int height) {
        return new Text(ByteBuffer.allocate(8 + 3 * width * height)
                .putInt(width)
                .putInt(height)
                .array());
    }
}
