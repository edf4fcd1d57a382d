package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.files.Leftovers;
import io.densespark.data.fixture.DyingFileSystem;
import io.densespark.data.fixture.DyingFileSystem.Moment;
import io.densespark.spark.JobException;
import io.densespark.spark.store.UnreadableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run is finished once its result.json is whole, and not before. */
class TrainResultTest {
    private static final Configuration CONF = new Configuration();
    private static final TrainResult RESULT = new TrainResult(
            0.986,
            800,
            1_000_000,
            1,
            12.5,
            2,
            1,
            32_318,
            42,
            0,
            1,
            0.01,
            "file:/runs/model",
            List.of(new TrainResult.Rank(
                    0, "0", "host", 7, "cpu", "fp32", "activations", 20, 99, 1.5, "a", List.of("b", "a"))));

    @TempDir
    private Path save;

    private org.apache.hadoop.fs.Path on(String scheme) {
        return new org.apache.hadoop.fs.Path(scheme + ":" + save);
    }

    private void requireNone() throws IOException {
        TrainResult.requireNone(on("file"), CONF);
    }

    @Test
    void aRunWithItsResultIsFinished() throws IOException {
        RESULT.write(on("file"), CONF);

        assertThatThrownBy(this::requireNone)
                .isInstanceOf(JobException.class)
                .hasMessageContaining("holds a finished run (result.json)");
        assertThat(save.toFile().list()).containsExactly("result.json");
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void aDriverThatIsKilledWhileItWritesLeavesAResultThatIsWholeOrNone(Moment moment) throws IOException {
        assertThatThrownBy(() -> RESULT.write(on("dying"), DyingFileSystem.dyingAt(moment, 1)))
                .hasMessageContaining("dead");

        if (moment == Moment.AFTER_RENAME) {
            assertThatThrownBy(this::requireNone).hasMessageContaining("finished");
            return;
        }
        assertThat(save.resolve("result.json")).doesNotExist();
        assertThatCode(this::requireNone).doesNotThrowAnyException();
        Leftovers.removeAllIn(on("file"), CONF);
        assertThat(save).isEmptyDirectory();
        RESULT.write(on("file"), CONF);
        assertThatThrownBy(this::requireNone).hasMessageContaining("finished");
    }

    /** As earlier releases left it, which wrote it in its place. */
    @Test
    void aResultThatWasCutOffAnywhereIsNone() throws IOException {
        RESULT.write(on("file"), CONF);
        String whole = Files.readString(save.resolve("result.json")).strip();
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(save.resolve("result.json"), whole.substring(0, length));
            assertThatCode(this::requireNone).as(whole.substring(0, length)).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "{}", "[]", "\u0000\u0000\u0000\u0000", "{\"accuracy\": 1} {", "once upon a time"})
    void whatIsNoResultIsNone(String text) throws IOException {
        Files.writeString(save.resolve("result.json"), text);

        assertThatCode(this::requireNone).doesNotThrowAnyException();
    }

    @Test
    void aFolderInPlaceOfTheResultIsNamed() throws IOException {
        Files.createDirectory(save.resolve("result.json"));

        assertThatThrownBy(this::requireNone)
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageContaining("result.json is a folder");
    }

    /** Programs that read the line RESULT know these names. */
    @Test
    void theResultIsOneLineWhoseNamesAndOrderStay() {
        TrainResult.Rank rank = new TrainResult.Rank(
                0, "1", "here", 42, "cpu", "fp32", "activations", 10, 1024, 2.5, "ab", List.of("cd", "ab"));
        TrainResult result =
                new TrainResult(0.75, 100.5, 7, 2, 3.5, 4, 3, 99, -7, 1, 1.25, 0.5, "file:/model", List.of(rank));

        assertThat(result.toJson())
                .isEqualTo("{\"accuracy\":0.75,\"images_per_second\":100.5,\"peak_bytes\":7,\"executors\":2,"
                        + "\"train_seconds\":3.5,\"epochs\":4,\"best_epoch\":3,\"parameters\":99,\"seed\":-7,"
                        + "\"slowest_rank\":1,\"slowdown\":1.25,\"data_wait_share\":0.5,\"model\":\"file:/model\",\"ranks\":[{\"rank\":0,"
                        + "\"executor\":\"1\",\"host\":\"here\",\"pid\":42,\"device\":\"cpu\",\"precision\":\"fp32\","
                        + "\"recompute\":\"activations\",\"steps\":10,\"all_reduce_bytes\":1024,\"own_seconds\":2.5,"
                        + "\"weights_sha256\":\"ab\",\"epoch_weights_sha256\":[\"cd\",\"ab\"]}]}");
    }
}
