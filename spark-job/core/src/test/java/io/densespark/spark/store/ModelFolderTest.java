package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.fixture.DyingFileSystem;
import io.densespark.data.fixture.DyingFileSystem.Moment;
import io.densespark.model.ModelException;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.RandomModel;
import io.densespark.model.weights.RandomModel.Kind;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
    private static final RandomModel MODEL = Kind.WITH_DROPOUT.model();
    private static final Configuration CONF = new Configuration();
    private static final int PLACES = 60;

    @TempDir
    private Path parent;

    private Path folder;

    @BeforeEach
    void write() throws IOException {
        folder = parent.resolve("model");
        write("file", CONF);
    }

    private void write(String scheme, Configuration conf) throws IOException {
        new ModelFolder(MODEL.description(), MODEL.state())
                .write(new org.apache.hadoop.fs.Path(scheme + ":" + folder), conf);
    }

    private ModelFolder read() throws IOException {
        return ModelFolder.read(new org.apache.hadoop.fs.Path(folder.toUri()), CONF);
    }

    private void assertIntact() throws IOException {
        ModelFolder found = read();
        assertThat(found.description()).isEqualTo(MODEL.description());
        assertThat(RandomModel.bits(found.state())).isEqualTo(RandomModel.bits(MODEL.state()));
    }

    @Test
    void aModelIsReadBackAndHasNoOtherFiles() throws IOException {
        assertIntact();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("model.safetensors", "model.json", "SHA256SUMS");
        }
    }

    /** As earlier releases wrote it. */
    @Test
    void aModelWithoutChecksumsIsRead() throws IOException {
        Files.delete(folder.resolve("SHA256SUMS"));

        assertIntact();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "model.json", "SHA256SUMS"})
    void oneWrongBitAnywhereIsFound(String name) throws IOException {
        Path file = folder.resolve(name);
        byte[] whole = Files.readAllBytes(file);
        for (int place = 0; place < PLACES; place++) {
            byte[] bytes = whole.clone();
            bytes[(int) ((long) whole.length * place / PLACES)] ^= (byte) (1 << place % 8);
            Files.write(file, bytes);
            assertThatThrownBy(this::read)
                    .as("bit at " + place + "/" + PLACES)
                    .isInstanceOfAny(JobException.class, ModelException.class)
                    .hasMessageContaining(folder.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "model.safetensors, 0",
        "model.safetensors, 7",
        "model.safetensors, 1000",
        "model.json, 0",
        "model.json, 30",
        "SHA256SUMS, 30"
    })
    void aTruncatedFileIsNamed(String name, int length) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));

        assertThatThrownBy(this::read)
                .isInstanceOfAny(JobException.class, ModelException.class)
                .hasMessageContaining(file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "model.json"})
    void aMissingFileIsNamed(String name) throws IOException {
        Files.delete(folder.resolve(name));

        assertThatThrownBy(this::read)
                .isInstanceOf(JobException.class)
                .hasMessageContaining("is no model folder: it has no " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "model.json", "SHA256SUMS"})
    void aFolderInPlaceOfAFileIsNamed(String name) throws IOException {
        Files.delete(folder.resolve(name));
        Files.createDirectory(folder.resolve(name));

        assertThatThrownBy(this::read)
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageContaining(name + " is a folder");
    }

    @ParameterizedTest
    @CsvSource({"AFTER_CREATE, 1", "IN_THE_MIDDLE, 1", "BEFORE_CREATE, 2", "IN_THE_MIDDLE, 3", "BEFORE_RENAME, 3"})
    void aModelIsReplacedWholeOrThereIsNone(Moment moment, int file) throws IOException {
        assertThatThrownBy(() -> write("dying", DyingFileSystem.dyingAt(moment, file)))
                .hasMessageContaining("dead");

        assertThatThrownBy(this::read)
                .isInstanceOf(JobException.class)
                .hasMessageContaining("it has no " + ModelDescription.FILE);

        write("file", CONF);
        assertIntact();
    }
}
