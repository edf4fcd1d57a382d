package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.fixture.Digits;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.metrics.RankProgress;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.CheckpointStore.Complete;
import io.densespark.spark.store.StaleFileSystem;
import io.densespark.spark.tensorboard.EventReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints within an epoch: two epochs of seven steps, the last of which is short, with one after each second step. */
class StepCheckpointTest {
    private static final int EPOCHS = 2;
    private static final int STEPS = 7;

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private static Path data;
    private static LoneRun whole;

    @BeforeAll
    static void trainOnce() throws Exception {
        data = Digits.prepareFirst(shared, 120, 10);
        whole = LoneRun.train(plan(shared.resolve("whole"), Map.of("checkpoint-steps", "0")), step -> {});
    }

    private static RunPlan plan(Path save, Map<String, String> more) {
        return plan(save.toString(), more);
    }

    private static RunPlan plan(String save, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "data", data.toString(),
                "save", save,
                "depth", "10",
                "growth-rate", "4",
                "epochs", Integer.toString(EPOCHS),
                "batch-size", "16",
                "valid-size", "20",
                "dropout", "0.1",
                "checkpoint-steps", "2"));
        settings.putAll(more);
        TrainSettings decided = TrainSettings.of(SettingValues.parse(settings)).decided(7, 1);
        return RunPlan.first(
                decided,
                PreparedData.read(new org.apache.hadoop.fs.Path(data.toString()), new Configuration()),
                "attempt",
                new Beginning.Random());
    }

    private static Consumer<RankProgress> cutOffAfter(int epoch, int step) {
        return progress -> {
            if (progress.epoch() == epoch && progress.step() == step) {
                throw new IllegalStateException("cut off");
            }
        };
    }

    private static CheckpointStore store(RunPlan plan) throws IOException {
        return new CheckpointStore(plan.checkpoints(), new Configuration());
    }

    private static LoneRun goOn(RunPlan cut, Complete from) throws Exception {
        return LoneRun.train(cut.next("second", Beginning.after(from)), step -> {});
    }

    /** Whatever differs from run to run left out. */
    private static List<List<Object>> learnt(List<EpochRow> rows) {
        return rows.stream()
                .map(row -> List.<Object>of(
                        row.epoch(),
                        row.trainLoss(),
                        row.trainError(),
                        row.validLoss(),
                        row.validError(),
                        row.weightsSha256()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"1, 3, 0, 2", "1, 7, 0, 6", "2, 2, 1, 0", "2, 6, 1, 4"})
    void aRunThatIsCutOffGoesOnWithinTheEpochToTheSameBits(int epoch, int step, int epochs, int steps)
            throws Exception {
        RunPlan plan = plan(folder, Map.of());
        assertThatThrownBy(() -> LoneRun.train(plan, cutOffAfter(epoch, step))).hasMessage("cut off");

        Complete newest = store(plan).toGoOnFrom().orElseThrow();
        assertThat(newest.folder()).isEqualTo(CheckpointStore.folderName(epochs, steps, "attempt"));
        assertThat(newest.manifest().epochs()).isEqualTo(epochs);
        assertThat(newest.manifest().progress().steps()).isEqualTo(steps);
        LoneRun second = goOn(plan, newest);

        assertThat(second.steps()).isEqualTo((EPOCHS - epochs) * STEPS - steps);
        assertThat(second.weights()).isEqualTo(whole.weights());
        assertThat(learnt(second.rows())).isEqualTo(learnt(whole.rows().subList(epochs, EPOCHS)));
        assertThat(EventReader.series(folder.resolve("tensorboard")).get("step/loss"))
                .isEqualTo(
                        EventReader.series(shared.resolve("whole/tensorboard")).get("step/loss"))
                .containsOnlyKeys(
                        LongStream.rangeClosed(1, EPOCHS * STEPS).boxed().toArray(Long[]::new));
    }

    /** What a listing doesn't show is trained again. */
    @ParameterizedTest
    @CsvSource({"1, 5", "2, 2", "2, 6"})
    void aRunOnAnObjectStoreThatListsLateAndReadsStaleGoesOnToTheSameBits(int epoch, int step) throws Exception {
        Configuration conf = StaleFileSystem.configuration();
        RunPlan plan = plan("stale:" + folder, Map.of());
        StaleFileSystem files = (StaleFileSystem) plan.checkpoints().getFileSystem(conf);
        assertThatThrownBy(() -> LoneRun.train(
                        plan,
                        progress -> {
                            if (progress.step() == 3) {
                                files.catchUp();
                            }
                            cutOffAfter(epoch, step).accept(progress);
                        },
                        conf))
                .hasMessage("cut off");

        Optional<Complete> listed = new CheckpointStore(plan.checkpoints(), conf).toGoOnFrom();
        LoneRun second = LoneRun.train(
                plan.next("second", listed.map(Beginning::after).orElse(new Beginning.Random())), progress -> {}, conf);

        assertThat(second.weights()).isEqualTo(whole.weights());
        files.catchUp();
        Complete newest =
                new CheckpointStore(plan.checkpoints(), conf).toGoOnFrom().orElseThrow();
        assertThat(newest.manifest().epochs()).isEqualTo(EPOCHS);
        assertThat(learnt(newest.manifest().history())).isEqualTo(learnt(whole.rows()));
        assertThat(EventReader.series(folder.resolve("tensorboard")).get("step/loss"))
                .isEqualTo(
                        EventReader.series(shared.resolve("whole/tensorboard")).get("step/loss"));
    }

    /** The question comes after the first step, then after at most twice as many each time. */
    @ParameterizedTest
    @CsvSource({"1, 1, 0, 1", "1, 7, 1, 0"})
    void aRunThatIsAskedToStopWritesACheckpointFirstAndGoesOnToTheSameBits(int epoch, int step, int epochs, int steps)
            throws Exception {
        RunPlan plan = plan(folder, Map.of("checkpoint-steps", "0"));
        AtomicBoolean isAsked = new AtomicBoolean();

        LoneRun first = LoneRun.train(
                plan,
                (replica, progress) -> isAsked.set(progress.epoch() > epoch || progress.step() >= step),
                isAsked::get);

        assertThat(first.isStopped()).isTrue();
        Complete newest = store(plan).toGoOnFrom().orElseThrow();
        assertThat(newest.manifest().epochs()).isEqualTo(epochs);
        assertThat(newest.manifest().progress().steps()).isEqualTo(steps);
        LoneRun second = goOn(plan, newest);
        assertThat(second.isStopped()).isFalse();
        assertThat(first.steps() + second.steps()).isEqualTo(EPOCHS * STEPS);
        assertThat(second.weights()).isEqualTo(whole.weights());
        assertThat(learnt(second.rows())).isEqualTo(learnt(whole.rows().subList(epochs, EPOCHS)));
    }

    @Test
    void theNewestAndTheBestAreKept() throws Exception {
        RunPlan plan = plan(folder, Map.of("keep-checkpoints", "3"));

        LoneRun run = LoneRun.train(plan, step -> {});

        assertThat(run.weights()).isEqualTo(whole.weights());
        int best = store(plan).newest().orElseThrow().manifest().bestEpoch();
        List<String> kept = best == 2
                ? List.of("epoch-0001-step-0000004.attempt", "epoch-0001-step-0000006.attempt", "epoch-0002.attempt")
                : List.of(
                        "epoch-0001.attempt",
                        "epoch-0001-step-0000004.attempt",
                        "epoch-0001-step-0000006.attempt",
                        "epoch-0002.attempt");
        assertThat(folder.resolve("checkpoints").toFile().list()).containsAll(kept);
        store(plan).removeOld(3);
        assertThat(folder.resolve("checkpoints").toFile().list()).containsExactlyInAnyOrderElementsOf(kept);
    }

    @Test
    void aDamagedCheckpointIsPassedOverForTheOneBeforeIt() throws Exception {
        RunPlan plan = plan(folder, Map.of());
        assertThatThrownBy(() -> LoneRun.train(plan, cutOffAfter(2, 6))).hasMessage("cut off");
        Path state = folder.resolve("checkpoints/epoch-0001-step-0000004.attempt/state.safetensors");
        byte[] bytes = Files.readAllBytes(state);
        bytes[bytes.length / 2] ^= 1;
        Files.write(state, bytes);

        Complete before = store(plan).toGoOnFrom().orElseThrow();

        assertThat(before.folder()).isEqualTo("epoch-0001-step-0000002.attempt");
        assertThat(goOn(plan, before).weights()).isEqualTo(whole.weights());
    }

    @Test
    void aCheckpointThatCannotBeWrittenWithinAnEpochCostsNothingButItself() throws Exception {
        RunPlan plan = plan(folder, Map.of());
        // A file where a folder is wanted.
        Files.createDirectories(folder.resolve("checkpoints"));
        Files.createFile(folder.resolve("checkpoints/epoch-0000-step-0000004.attempt"));

        LoneRun run = LoneRun.train(plan, step -> {});

        assertThat(run.weights()).isEqualTo(whole.weights());
        assertThat(learnt(run.rows())).isEqualTo(learnt(whole.rows()));
    }
}
