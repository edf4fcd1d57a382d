package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.files.Sha256;
import io.densespark.data.fixture.DyingFileSystem;
import io.densespark.data.fixture.DyingFileSystem.Moment;
import io.densespark.data.fixture.FailingFileSystem;
import io.densespark.model.weights.NamedTensor;
import io.densespark.spark.JobException;
import io.densespark.spark.metrics.EpochRow;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {
    @TempDir
    private Path root;

    private CheckpointStore store;

    @BeforeEach
    void open() throws IOException {
        store = store("file", new Configuration());
    }

    private CheckpointStore store(String scheme, Configuration conf) throws IOException {
        return new CheckpointStore(new org.apache.hadoop.fs.Path(scheme + ":" + root), conf);
    }

    private static EpochRow row(int epoch, double validError) {
        return new EpochRow(epoch, 1, 0.5, 1, validError, 2, 1, 100, 0.1, 0.01, 1000, "abc", 0, 1);
    }

    private void write(String folder, int epochs, int bestEpoch, String best) throws IOException {
        write(store, folder, epochs, bestEpoch, best);
    }

    private static void write(CheckpointStore to, String folder, int epochs, int bestEpoch, String best)
            throws IOException {
        Map<String, NamedTensor> state = new LinkedHashMap<>();
        state.put("a", new NamedTensor(List.of(2, 2), new float[] {1, -0f, Float.MIN_VALUE, epochs}));
        state.put("b", new NamedTensor(List.of(1), new float[] {7}));
        List<EpochRow> history = IntStream.rangeClosed(1, epochs)
                .mapToObj(epoch -> row(epoch, 0.5))
                .toList();
        to.write(
                folder,
                state,
                new RunPosition(42, Map.of("depth", "22"), history, bestEpoch, best, EpochProgress.NONE));
    }

    /** Two epochs, the first of which is the best. */
    private void writeTwo() throws IOException {
        write("epoch-0001.x", 1, 1, "epoch-0001.x");
        write("epoch-0002.x", 2, 1, "epoch-0001.x");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private Path file(int epoch, String name) {
        return root.resolve("epoch-000" + epoch + ".x").resolve(name);
    }

    @Test
    void aCheckpointIsReadBackBitForBit() throws IOException {
        writeTwo();

        CheckpointStore.Complete found = store.newest().orElseThrow();

        assertThat(found.folder()).isEqualTo("epoch-0002.x");
        assertThat(found.manifest().epochs()).isEqualTo(2);
        assertThat(found.manifest().seed()).isEqualTo(42);
        assertThat(found.manifest().settings()).containsExactly(Map.entry("depth", "22"));
        assertThat(found.manifest().history()).containsExactly(row(1, 0.5), row(2, 0.5));
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
                new RunPosition(1, Map.of(), List.of(row(1, Double.NaN)), 1, "epoch-0001.x", EpochProgress.NONE));

        assertThat(store.newest().orElseThrow().manifest().history()).containsExactly(row(1, Double.NaN));
    }

    @Test
    void noFolderIsNoCheckpoint() throws IOException {
        Files.delete(root);

        assertThat(store.newest()).isEmpty();
    }

    /** Byte for byte what the release that introduced format 2 writes, without checksums. */
    @Test
    void aManifestIsTheTextThatItHasAlwaysBeen() throws IOException {
        write("epoch-0001.x", 1, 1, "epoch-0001.x");

        assertThat(Files.readString(file(1, "manifest.json")))
                .isEqualTo("""
                {
                  "format" : 2,
                  "seed" : 42,
                  "settings" : {
                    "depth" : "22"
                  },
                  "history" : [ {
                    "epoch" : 1,
                    "trainLoss" : 1.0,
                    "trainError" : 0.5,
                    "validLoss" : 1.0,
                    "validError" : 0.5,
                    "seconds" : 2.0,
                    "trainSeconds" : 1.0,
                    "imagesPerSecond" : 100.0,
                    "allReduceSeconds" : 0.1,
                    "dataWaitSeconds" : 0.01,
                    "peakBytes" : 1000,
                    "weightsSha256" : "abc",
                    "slowestRank" : 0,
                    "slowdown" : 1.0
                  } ],
                  "best_epoch" : 1,
                  "best_folder" : "epoch-0001.x",
                  "state_bytes" : 148,
                  "state_sha256" : "SHA"
                }""".replace("SHA", sha256(file(1, "state.safetensors")))
                        .replace("148", Long.toString(Files.size(file(1, "state.safetensors")))));

        Files.delete(file(1, "SHA256SUMS"));
        assertThat(store.readState(store.newest().orElseThrow())).containsOnlyKeys("a", "b");
    }

    @Test
    void theChecksumsAreThoseThatSha256sumChecks() throws IOException {
        write("epoch-0001.x", 1, 1, "epoch-0001.x");

        assertThat(Files.readString(file(1, "SHA256SUMS")))
                .isEqualTo(sha256(file(1, "state.safetensors")) + "  state.safetensors\n"
                        + sha256(file(1, "manifest.json")) + "  manifest.json\n");
        assertThat(root).isDirectoryRecursivelyContaining("glob:**SHA256SUMS").isDirectoryNotContaining("glob:**.crc");
    }

    private static String sha256(Path file) throws IOException {
        return Sha256.of(Files.readAllBytes(file));
    }

    @Test
    void aFolderWithoutAManifestIsPassedOver() throws IOException {
        writeTwo();
        Files.delete(file(2, "manifest.json"));

        assertThat(store.newest().orElseThrow().folder()).isEqualTo("epoch-0001.x");
    }

    /** No writer leaves it so, and another run would be gone on from without a word. */
    @Test
    void aStateThatIsGoneIsNamedWithItsRemedy() throws IOException {
        writeTwo();
        Files.delete(file(2, "state.safetensors"));

        assertThatThrownBy(() -> store.newest())
                .isInstanceOf(DamagedFileException.class)
                .hasMessageMatching("checkpoint .*epoch-0002.x/state.safetensors is damaged: remove the folder "
                        + ".*epoch-0002.x to go on from the one before it");
    }

    @Test
    void aManifestThatWasCutOffAnywhereIsPassedOver() throws IOException {
        writeTwo();
        Path manifest = file(2, "manifest.json");
        String whole = Files.readString(manifest);
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(manifest, whole.substring(0, length));
            assertThat(store.newest().orElseThrow().folder())
                    .as(whole.substring(0, length))
                    .isEqualTo("epoch-0001.x");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "5", "\"x\"", "[null]"})
    void aManifestThatIsOtherJsonIsDamaged(String text) throws IOException {
        writeTwo();
        Files.writeString(file(2, "manifest.json"), text + "\n");

        assertThatThrownBy(() -> store.newest())
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("manifest.json is damaged: remove the folder");
    }

    @Test
    void aDiskThatIsFullLeavesNothingOfTheCheckpoint() throws IOException {
        write("epoch-0001.x", 1, 1, "epoch-0001.x");
        for (String full : List.of("state.safetensors", "SHA256SUMS", "manifest.json")) {
            CheckpointStore onFullDisk = store("failing", FailingFileSystem.configuration(full));
            assertThatThrownBy(() -> write(onFullDisk, "epoch-0002.x", 2, 1, "epoch-0001.x"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left on device (writing in failing:" + root + "/epoch-0002.x)");
            assertThat(root.toFile().list()).containsExactly("epoch-0001.x");
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void aWriterThatIsKilledLeavesTheCheckpointBeforeItAndWhatTheNextRunRemoves(Moment moment) throws IOException {
        write("epoch-0001.x", 1, 1, "epoch-0001.x");
        for (int number = 1; number <= 3; number++) {
            boolean isCommitted = number == 3 && moment == Moment.AFTER_RENAME;
            boolean isRename = moment == Moment.BEFORE_RENAME || moment == Moment.AFTER_RENAME;
            if (isCommitted || (isRename && number < 3)) {
                continue;
            }
            CheckpointStore dying = store("dying", DyingFileSystem.dyingAt(moment, number));
            assertThatThrownBy(() -> write(dying, "epoch-0002.x", 2, 1, "epoch-0001.x"))
                    .hasMessageContaining("dead");

            assertThat(store.toGoOnFrom().orElseThrow().folder()).isEqualTo("epoch-0001.x");
            store.removeLeftovers();
            assertThat(root.toFile().list()).containsExactly("epoch-0001.x");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.safetensors", "manifest.json"})
    void oneWrongBitAnywhereIsNamedWithItsRemedy(String name) throws IOException {
        write("epoch-0001.x", 1, 1, "epoch-0001.x");
        Path file = file(1, name);
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] bytes = whole.clone();
            bytes[i] ^= (byte) (1 << i % 8);
            Files.write(file, bytes);
            assertThatThrownBy(store::toGoOnFrom)
                    .as("byte " + i)
                    .isInstanceOf(JobException.class)
                    .hasMessageMatching("checkpoint .*epoch-0001.x/" + name + " (is damaged: remove the folder "
                            + ".*epoch-0001.x to go on from the one before it|has format .*)");
        }
    }

    /** On local disks earlier releases had Hadoop write checksum files, which Hadoop would have checked first. */
    @Test
    void damageIsOursToFindWhateverChecksumFilesAreThere() throws IOException {
        write("epoch-0001.x", 1, 1, "epoch-0001.x");
        Files.write(file(1, ".state.safetensors.crc"), new byte[] {'c', 'r', 'c', 0, 0, 0, 2, 0, 1, 2, 3, 4});

        assertThat(store.toGoOnFrom().orElseThrow().folder()).isEqualTo("epoch-0001.x");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 100})
    void aStateThatIsTooShortIsNamed(int missing) throws IOException {
        write("epoch-0001.x", 1, 1, "epoch-0001.x");
        Path state = file(1, "state.safetensors");
        byte[] whole = Files.readAllBytes(state);
        Files.write(state, Arrays.copyOf(whole, missing == 0 ? 0 : whole.length - missing));

        assertThatThrownBy(store::toGoOnFrom)
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("state.safetensors is damaged: remove the folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.safetensors", "manifest.json"})
    void aFolderInPlaceOfAFileIsNamed(String name) throws IOException {
        write("epoch-0001.x", 1, 1, "epoch-0001.x");
        Files.delete(file(1, name));
        Files.createDirectory(file(1, name));

        assertThatThrownBy(store::toGoOnFrom)
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageContaining(name + " is a folder");
    }

    @Test
    void aManifestOfAnotherFormatIsNamed() throws IOException {
        write("epoch-0001.x", 1, 1, "epoch-0001.x");
        Files.writeString(file(1, "manifest.json"), "{\"format\": 1, \"other fields\": []}");

        assertThatThrownBy(store::newest).isInstanceOf(JobException.class).hasMessageContaining("format 1,");
    }

    @Test
    void aRunWhoseBestCheckpointIsGoneIsRefusedBeforeItsFirstStep() throws IOException {
        writeTwo();
        delete(root.resolve("epoch-0001.x"));

        assertThatThrownBy(store::toGoOnFrom)
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll(
                        root + "/epoch-0001.x of the best epoch, 1, is missing or incomplete",
                        "put the folder back",
                        "--init",
                        root + "/epoch-0002.x/state.safetensors");
    }

    @Test
    void aRunWhoseBestCheckpointIsDamagedIsRefusedBeforeItsFirstStep() throws IOException {
        writeTwo();
        Files.write(file(1, "state.safetensors"), new byte[] {1, 2, 3});

        assertThatThrownBy(store::toGoOnFrom)
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("epoch-0001.x of the best epoch, 1, is damaged");
    }

    @Test
    void aBestCheckpointThatVanishesIsToldAtTheNextTidyingUp() throws IOException {
        writeTwo();
        write("epoch-0003.x", 3, 1, "epoch-0001.x");
        store.removeOld(2);
        delete(root.resolve("epoch-0001.x"));

        assertThatThrownBy(() -> store.removeOld(2))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("epoch-0001.x of the best epoch, 1, is missing");
    }

    /** The local disk, for a process that dies when it is about to remove a folder. */
    public static final class FolderKeeper extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("keeper:///");
        }

        @Override
        public boolean delete(org.apache.hadoop.fs.Path path, boolean recursive) throws IOException {
            if (getFileStatus(path).isDirectory()) {
                throw new IOException("dead");
            }
            return super.delete(path, recursive);
        }
    }

    @Test
    void aProcessThatDiesWhileItRemovesACheckpointLeavesNoneThatLooksDamaged() throws IOException {
        for (int epoch = 1; epoch <= 3; epoch++) {
            write("epoch-000" + epoch + ".x", epoch, epoch, "epoch-000" + epoch + ".x");
        }
        Configuration conf = new Configuration();
        conf.setClass("fs.keeper.impl", FolderKeeper.class, FileSystem.class);
        assertThatThrownBy(() -> store("keeper", conf).removeOld(2)).hasMessageContaining("dead");

        assertThat(store.read("epoch-0001.x")).isEmpty();
        store.removeLeftovers();
        assertThat(root.toFile().list()).containsExactlyInAnyOrder("epoch-0002.x", "epoch-0003.x");
    }

    @Test
    void onlyTheNewestTwoAndTheirBestAreKept() throws IOException {
        write("epoch-0001.x", 1, 1, "epoch-0001.x");
        write("epoch-0002.x", 2, 2, "epoch-0002.x");
        write("epoch-0003.x", 3, 3, "epoch-0003.x");
        write("epoch-0004.x", 4, 3, "epoch-0003.x");
        write("epoch-0005.x", 5, 5, "epoch-0005.x");
        Files.createDirectories(root.resolve("epoch-0006.y"));
        Files.createDirectories(root.resolve("notes"));

        store.removeOld(2);

        // Without the third, the fourth would be nothing to go on from if the fifth were lost.
        assertThat(root.toFile().list())
                .containsExactlyInAnyOrder("epoch-0003.x", "epoch-0004.x", "epoch-0005.x", "epoch-0006.y", "notes");
    }

    @Test
    void aPositionThatContradictsItselfIsRefused() {
        List<EpochRow> history = List.of(row(1, 0.5));

        assertThatThrownBy(() -> new RunPosition(1, Map.of(), history, 2, "epoch-0002.x", EpochProgress.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new RunPosition(1, Map.of(), List.of(row(2, 0.5)), 1, "epoch-0001.x", EpochProgress.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RunPosition(1, Map.of(), history, 1, "../epoch-0001.x", EpochProgress.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
