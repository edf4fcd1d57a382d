package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.harness.SubmittedJob;
import io.densespark.spark.tensorboard.EventReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One run whose executors and drivers are killed (kill -9) at random moments, while they train, start or write, over and
 * over again. {@code -Dchaos.executors=N -Dchaos.drivers=N} kill more of them, {@code -Dchaos.seed=N} kills as an earlier run
 * did.
 */
@Tag("slow")
class ChaosIT {
    private static final int EXECUTORS = Integer.getInteger("chaos.executors", 20);
    private static final int DRIVERS = Integer.getInteger("chaos.drivers", 5);
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());

    /** Of 1,000 digits 640 are learnt from, in ten steps an epoch. */
    private static final int STEPS = 10;

    private static final int IMAGES = 640;
    private static final int EPOCHS = 4 + (EXECUTORS + DRIVERS) / 2;
    private static final int PAUSE_MILLIS = 150;
    private static final int POLL_MILLIS = 20;

    @TempDir
    private Path folder;

    private Path data;
    private final Random random = new Random(SEED);
    private int jobs;

    @Test
    void whateverIsKilledTheWeightsAreThoseOfTheUndisturbedRunAndEachImageIsSeenOnceAnEpoch() throws Exception {
        System.out.println("chaos: " + EXECUTORS + " executors and " + DRIVERS + " drivers, -Dchaos.seed=" + SEED);
        data = TrainRun.digits(folder);
        String weights;
        try (SubmittedJob job = submit("calm", 0)) {
            weights = TrainRun.weightsOf(TrainRun.resultOf(job.await(TrainRun.LIMIT)));
        }
        int executors = EXECUTORS;
        int drivers = DRIVERS;
        SubmittedJob job = submit("chaos", PAUSE_MILLIS);
        try {
            while (executors + drivers > 0) {
                awaitAMoment(job);
                if (random.nextInt(executors + drivers) < drivers) {
                    drivers--;
                    job.close();
                    job = submit("chaos", PAUSE_MILLIS);
                } else if (killAnExecutor(job)) {
                    executors--;
                }
            }
            assertThat(TrainRun.weightsOf(TrainRun.resultOf(job.await(TrainRun.LIMIT))))
                    .isEqualTo(weights);
        } finally {
            job.close();
        }
        SeenImages.assertOnceAnEpoch(SeenImages.attempts(seen("chaos")), EPOCHS, STEPS, IMAGES);
        assertThat(Checkpoints.rows(folder.resolve("chaos"))).hasSize(EPOCHS + 2);
        // Steps that were trained twice are there once.
        assertThat(EventReader.series(folder.resolve("chaos/tensorboard")).get("step/loss"))
                .isEqualTo(
                        EventReader.series(folder.resolve("calm/tensorboard")).get("step/loss"))
                .hasSize(EPOCHS * STEPS);
        assertThat(folder.resolve("chaos").toFile().list()).doesNotContain(".lease", ".stop");
    }

    /** Three times in four one of training, or else any. */
    private void awaitAMoment(SubmittedJob job) throws InterruptedException {
        if (random.nextInt(4) > 0) {
            long before = bytesSeen();
            while (bytesSeen() == before) {
                requireRunning(job);
                Thread.sleep(POLL_MILLIS);
            }
        }
        Thread.sleep(random.nextInt(1200));
        requireRunning(job);
    }

    private static void requireRunning(SubmittedJob job) {
        if (!job.isRunning()) {
            throw new AssertionError("the job has ended:\n" + job.stdout() + job.stderr());
        }
    }

    private long bytesSeen() {
        try (Stream<Path> files = Files.list(seen("chaos"))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean killAnExecutor(SubmittedJob job) {
        List<ProcessHandle> there = TrainRun.executorsOf(job);
        Optional<ProcessHandle> chosen =
                there.isEmpty() ? Optional.empty() : Optional.of(there.get(random.nextInt(there.size())));
        chosen.ifPresent(ProcessHandle::destroyForcibly);
        return chosen.isPresent();
    }

    private Path seen(String name) {
        try {
            return Files.createDirectories(folder.resolve("seen-" + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fewer than 99 ranks pause in each step. */
    private SubmittedJob submit(String name, int pauseMillis) {
        List<String> arguments = new ArrayList<>(List.of(
                seen(name).toString(),
                "99",
                Integer.toString(pauseMillis),
                "data=" + data,
                "save=" + folder.resolve(name),
                "depth=10",
                "growth-rate=4",
                "epochs=" + EPOCHS,
                "valid-size=360",
                "seed=7",
                "checkpoint-steps=2",
                "max-failures=1000"));
        return TrainRun.onTwoExecutors()
                .testJob(SeenImagesJob.class)
                .conf("spark.deploy.maxExecutorRetries", "-1")
                .start(folder.resolve("job-" + jobs++), arguments.toArray(String[]::new));
    }
}
