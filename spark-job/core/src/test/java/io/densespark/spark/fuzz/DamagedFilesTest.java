package io.densespark.spark.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.densespark.data.DatasetDescription;
import io.densespark.data.Shard;
import io.densespark.data.fixture.Digits;
import io.densespark.data.fixture.Mutator;
import io.densespark.data.shard.ShardReader;
import io.densespark.model.exchange.bigdl.BigDlModel;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.RandomModel;
import io.densespark.model.weights.Safetensors;
import io.densespark.spark.UserMessage;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.settings.Recipe;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.EpochProgress;
import io.densespark.spark.store.ModelFolder;
import io.densespark.spark.store.RunPosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a file holds, it is read or refused, in one line for the user, soon and without much memory. {@code
 * -Dfuzz.mutants=100000} tries more than the usual number of each.
 */
class DamagedFilesTest {
    private static final RandomModel MODEL = RandomModel.of(DenseNetSpec.bc(10, 4, 3, 3), new ImageShape(4, 4), 1);
    private static final int USUAL = 500;
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final long MOST_BYTES = 64 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path folder;

    private final Configuration conf = new Configuration();
    private Path checkpoint;
    private Path model;

    private interface Reader {
        void read(byte[] bytes) throws IOException;
    }

    @BeforeEach
    void write() throws IOException {
        EpochRow row = new EpochRow(1, 1, 0.5, 1, 0.5, 2, 1, 100, 0.1, 0.01, 1000, "abc", 0, 1);
        store().write(
                        "epoch-0001.x",
                        MODEL.state(),
                        new RunPosition(
                                42, Map.of("depth", "22"), List.of(row), 1, "epoch-0001.x", EpochProgress.NONE));
        checkpoint = folder.resolve("checkpoints/epoch-0001.x");
        model = folder.resolve("model");
        new ModelFolder(MODEL.description(), MODEL.state()).write(hadoop(model), conf);
    }

    private CheckpointStore store() throws IOException {
        return new CheckpointStore(hadoop(folder.resolve("checkpoints")), conf);
    }

    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }

    @Test
    void safetensors() throws IOException {
        fuzz(
                Files.readAllBytes(model.resolve("model.safetensors")),
                bytes -> Safetensors.readAll(new ByteArrayInputStream(bytes), "file"));
    }

    @Test
    void descriptionsOfModels() throws IOException {
        fuzz(
                Files.readAllBytes(model.resolve("model.json")),
                bytes -> ModelDescription.read(new ByteArrayInputStream(bytes), "file"));
    }

    @Test
    void modelsOfBigDl() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BigDlModel.write(MODEL.description(), MODEL.state(), out);
        fuzz(out.toByteArray(), bytes -> BigDlModel.read(new ByteArrayInputStream(bytes), "file"));
    }

    @Test
    void statesOfCheckpoints() throws IOException {
        CheckpointStore store = store();
        fuzz(checkpoint.resolve("state.safetensors"), () -> store.toGoOnFrom());
    }

    /** Without its checksums, which would find each of them. */
    @Test
    void manifestsOfCheckpoints() throws IOException {
        Files.delete(checkpoint.resolve("SHA256SUMS"));
        CheckpointStore store = store();
        fuzz(checkpoint.resolve("manifest.json"), () -> store.read("epoch-0001.x"));
    }

    @Test
    void recipes() throws IOException {
        Path file = folder.resolve("recipe.yaml");
        String text = "depth: 40\nblock-config: 6,12\nflip: false\nlearning-rate: 0.1\ninit: \"a b\"\n";
        Files.writeString(file, text);
        fuzz(file, () -> Recipe.read(file.toString(), conf));
    }

    @Test
    void descriptionsOfDataSets() {
        Path data = Digits.prepareFirst(folder, 60, 10);
        fuzz(data.resolve("dataset.json"), () -> DatasetDescription.read(conf, hadoop(data)));
    }

    @Test
    void shards() throws IOException {
        Path data = Digits.prepareFirst(folder, 60, 10);
        DatasetDescription description = DatasetDescription.read(conf, hadoop(data));
        Shard shard = description.shards(DatasetDescription.TRAIN).get(0);
        ShardReader reader = new ShardReader(conf, hadoop(data), description);
        Path file = data.resolve(shard.file());
        int length = Math.toIntExact(Files.size(file));
        fuzz(Files.readAllBytes(file), bytes -> {
            // Another length is seen first.
            Files.write(file, Arrays.copyOf(bytes, length));
            reader.read(shard);
        });
    }

    /** A bit or the end; what is equal to the whole afterwards isn't damaged. */
    @Test
    void noDamagedCheckpointOrModelIsLoadedSilently() throws IOException {
        CheckpointStore store = store();
        for (String name : List.of("state.safetensors", "manifest.json")) {
            requireNone(checkpoint.resolve(name), () -> store.toGoOnFrom().isPresent());
        }
        for (String name : List.of("model.safetensors", "model.json")) {
            requireNone(model.resolve(name), () -> {
                ModelFolder.read(hadoop(model), conf);
                return true;
            });
        }
    }

    private interface Loading {
        boolean isLoaded() throws IOException;
    }

    private static void requireNone(Path file, Loading loading) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(whole.length);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = Arrays.copyOf(whole, i % 2 == 0 ? whole.length : random.nextInt(whole.length));
            if (i % 2 == 0) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, damaged);
            boolean isLoaded;
            try {
                isLoaded = loading.isLoaded();
            } catch (IOException | RuntimeException e) {
                assertThat(UserMessage.isForUsers(e)).as(e.toString()).isTrue();
                isLoaded = false;
            }
            assertThat(isLoaded).as("damage %d of %s", i, file).isFalse();
        }
        Files.write(file, whole);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void fuzz(Path file, Work work) {
        try {
            fuzz(Files.readAllBytes(file), bytes -> {
                Files.write(file, bytes);
                work.run();
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void fuzz(byte[] whole, Reader reader) throws IOException {
        reader.read(whole);
        Mutator mutator = new Mutator(whole, whole.length);
        int refused = 0;
        int count = Mutator.count(USUAL);
        for (int i = 0; i < count; i++) {
            byte[] mutant = mutator.next();
            long start = System.nanoTime();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                reader.read(mutant);
            } catch (IOException | RuntimeException e) {
                refused++;
                assertThat(isForUsers(e))
                        .as("mutant %d: %s", i, isForUsers(e) ? "" : describe(mutant, e))
                        .isTrue();
                assertThat(UserMessage.of(e)).hasSizeLessThan(2000);
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes taken by mutant %d", i)
                    .isLessThan(MOST_BYTES);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("mutant %d", i)
                    .isLessThan(LIMIT);
        }
        assertThat(refused).isGreaterThan(count / 4);
    }

    /** Callers that have the file's name put it to the end of a stream that they opened. */
    private static boolean isForUsers(Exception error) {
        return UserMessage.isForUsers(error) || error instanceof EOFException;
    }

    private static String describe(byte[] mutant, Exception error) {
        String text = new String(mutant, 0, Math.min(mutant.length, 2000), StandardCharsets.ISO_8859_1);
        return mutant.length + " bytes: " + error + " at " + Arrays.toString(Arrays.copyOf(error.getStackTrace(), 6))
                + "\n" + text;
    }
}
