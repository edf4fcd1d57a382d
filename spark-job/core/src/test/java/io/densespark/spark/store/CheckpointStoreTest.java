package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.weights.NamedTensor;
import io.densespark.spark.JobException;
import io.densespark.spark.metrics.EpochRow;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
    @TempDir
    private Path root;

    private CheckpointStore store;

    @BeforeEach
    void open() throws IOException {
        Configuration conf = new Configuration();
        // Hadoop's own checksum files would find the damage before we do.
        conf.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
        conf.set("fs.file.impl.disable.cache", "true");
        store = new CheckpointStore(new org.apache.hadoop.fs.Path(root.toString()), conf);
    }

    private static EpochRow row(int epoch, double validError) {
        return new EpochRow(epoch, 1, 0.5, 1, validError, 2, 1, 100, 0.1, 0.01, 1000, "abc", 0, 1);
    }

    private void write(String folder, int epochs, String best) throws IOException {
        Map<String, NamedTensor> state = new LinkedHashMap<>();
        state.put("a", new NamedTensor(List.of(2, 2), new float[] {1, -0f, Float.MIN_VALUE, epochs}));
        state.put("b", new NamedTensor(List.of(1), new float[] {7}));
        List<EpochRow> history = Collections.nCopies(epochs, row(1, 0.5));
        store.write(folder, state, new Manifest(Manifest.FORMAT, 42, Map.of("depth", "22"), history, 1, best, 0, ""));
    }

    @Test
    void aCheckpointIsReadBackBitForBit() throws IOException {
        write("epoch-0002.x", 2, "epoch-0001.x");

        CheckpointStore.Complete found = store.newest().orElseThrow();

        assertThat(found.folder()).isEqualTo("epoch-0002.x");
        assertThat(found.manifest().epochs()).isEqualTo(2);
        assertThat(found.manifest().seed()).isEqualTo(42);
        assertThat(found.manifest().settings()).containsExactly(Map.entry("depth", "22"));
        assertThat(found.manifest().history()).containsExactly(row(1, 0.5), row(1, 0.5));
        assertThat(found.manifest().bestFolder()).isEqualTo("epoch-0001.x");
        Map<String, NamedTensor> state = store.readState(found);
        assertThat(state.keySet()).containsExactly("a", "b");
        assertThat(state.get("a").shape()).containsExactly(2, 2);
        assertThat(state.get("a").values()).containsExactly(1, -0f, Float.MIN_VALUE, 2);
    }

    @Test
    void missingValidationSurvivesTheManifest() throws IOException {
        Map<String, NamedTensor> state = Map.of("a", new NamedTensor(List.of(1), new float[] {1}));
        store.write(
                "epoch-0001.x",
                state,
                new Manifest(Manifest.FORMAT, 1, Map.of(), List.of(row(1, Double.NaN)), 1, "epoch-0001.x", 0, ""));

        assertThat(store.newest().orElseThrow().manifest().history()).containsExactly(row(1, Double.NaN));
    }

    @Test
    void noFolderIsNoCheckpoint() throws IOException {
        Files.delete(root);

        assertThat(store.newest()).isEmpty();
    }

    @Test
    void aFolderWithoutAManifestIsPassedOver() throws IOException {
        write("epoch-0001.x", 1, "epoch-0001.x");
        write("epoch-0002.x", 2, "epoch-0001.x");
        Files.delete(root.resolve("epoch-0002.x/manifest.json"));

        assertThat(store.newest().orElseThrow().folder()).isEqualTo("epoch-0001.x");
    }

    @Test
    void aManifestThatWasCutOffIsPassedOver() throws IOException {
        write("epoch-0001.x", 1, "epoch-0001.x");
        write("epoch-0002.x", 2, "epoch-0001.x");
        Path manifest = root.resolve("epoch-0002.x/manifest.json");
        String whole = Files.readString(manifest);
        for (int length : new int[] {0, 1, 40, whole.length() - 1}) {
            Files.writeString(manifest, whole.substring(0, length));
            assertThat(store.newest().orElseThrow().folder())
                    .as(whole.substring(0, length))
                    .isEqualTo("epoch-0001.x");
        }
    }

    @Test
    void aStateThatWasTruncatedIsNamed() throws IOException {
        write("epoch-0001.x", 1, "epoch-0001.x");
        truncate(root.resolve("epoch-0001.x/state.safetensors"));

        assertDamaged();
    }

    @Test
    void aStateWithOneWrongBitIsNamed() throws IOException {
        write("epoch-0001.x", 1, "epoch-0001.x");
        try (RandomAccessFile file = new RandomAccessFile(
                root.resolve("epoch-0001.x/state.safetensors").toFile(), "rw")) {
            file.seek(file.length() - 1);
            int last = file.read();
            file.seek(file.length() - 1);
            file.write(last ^ 1);
        }

        assertDamaged();
    }

    private void assertDamaged() throws IOException {
        CheckpointStore.Complete found = store.newest().orElseThrow();
        assertThatThrownBy(() -> store.readState(found))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("state.safetensors is damaged")
                .hasMessageContaining("remove the folder");
    }

    private static void truncate(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(open.length() - 1);
        }
    }

    @Test
    void aManifestOfAnotherFormatIsNamed() throws IOException {
        write("epoch-0001.x", 1, "epoch-0001.x");
        Path manifest = root.resolve("epoch-0001.x/manifest.json");
        Files.writeString(manifest, "{\"format\": 1, \"other fields\": []}");

        assertThatThrownBy(store::newest).isInstanceOf(JobException.class).hasMessageContaining("format 1,");
    }

    @Test
    void onlyOldCheckpointsOtherThanTheBestAreRemoved() throws IOException {
        for (int epoch = 1; epoch <= 5; epoch++) {
            write(CheckpointStore.folderName(epoch, "x"), epoch, "epoch-0002.x");
        }
        Files.createDirectories(root.resolve("notes"));

        store.removeBefore(4, "epoch-0002.x");

        try (Stream<Path> left = Files.list(root)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("epoch-0002.x", "epoch-0004.x", "epoch-0005.x", "notes");
        }
    }
}
