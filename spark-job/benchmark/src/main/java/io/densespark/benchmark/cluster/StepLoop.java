package io.densespark.benchmark.cluster;

import io.densespark.data.batch.Augmentation;
import io.densespark.data.batch.BatchLoader;
import io.densespark.data.batch.BatchSlices;
import io.densespark.data.batch.ImageBatch;
import io.densespark.data.batch.ImageSet;
import io.densespark.data.batch.ImageTransform;
import io.densespark.data.batch.Normalization;
import io.densespark.data.batch.SharedOrder;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.optimizer.Sgd;
import io.densespark.model.replica.BatchPosition;
import io.densespark.model.replica.Replica;
import io.densespark.model.replica.StepOutcome;
import io.densespark.model.replica.TrainingSteps;
import io.densespark.spark.rank.BatchPixels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The steps of one rank, as the trainer takes them, with a clock at every part. */
final class StepLoop {
    private static final int PREFETCH = 2;
    private static final int CROP_PADDING = 4;

    /** Low, so that labels without meaning don't drive the loss out of all bounds. */
    private static final Sgd OPTIMIZER = new Sgd(0.01, 0.9, 1e-4);

    private final ClusterBenchmarkSettings settings;
    private final Replica replica;
    private final Kernels kernels;
    private final ProcessGroup group;
    private final int globalBatch;
    private final BatchSlices slices;

    StepLoop(ClusterBenchmarkSettings settings, Replica replica, Kernels kernels, ProcessGroup group) {
        this.settings = settings;
        this.replica = replica;
        this.kernels = kernels;
        this.group = group;
        globalBatch = settings.globalBatch(group.worldSize());
        slices = new BatchSlices(globalBatch, group.rank(), group.worldSize());
    }

    /** Takes all steps; the times of those after the warm-up. */
    List<StepTimes> run(ImageSet images) throws IOException, InterruptedException {
        try (Run run = new Run(images, settings.warmUp() + settings.steps())) {
            run.take(settings.warmUp());
            return run.take(settings.steps());
        }
    }

    /** The times of steps without checkpoints, and of as many with. */
    record Compared(List<StepTimes> plain, List<StepTimes> checkpointed) {}

    /**
     * As {@link #run(ImageSet)}, and as many steps in blocks that begin with a checkpoint. The blocks with and those without
     * take turns, and turns which is first, so that a machine that becomes slower is no checkpoint's fault.
     *
     * @param everySteps steps of a block
     */
    Compared run(ImageSet images, TemporaryCheckpoints checkpoints, int everySteps)
            throws IOException, InterruptedException {
        List<StepTimes> plain = new ArrayList<>();
        List<StepTimes> checkpointed = new ArrayList<>();
        try (Run run = new Run(images, settings.warmUp() + 2 * settings.steps())) {
            run.take(settings.warmUp());
            for (int pair = 0; pair < settings.steps() / everySteps; pair++) {
                if (pair % 2 == 0) {
                    plain.addAll(run.take(everySteps));
                }
                run.restart();
                checkpoints.write(run.taken);
                checkpointed.addAll(run.take(everySteps));
                checkpoints.await();
                run.restart();
                if (pair % 2 == 1) {
                    plain.addAll(run.take(everySteps));
                }
            }
        }
        return new Compared(plain, checkpointed);
    }

    /** Steps that follow each other on the same batches' loader. */
    private final class Run implements AutoCloseable {
        private final int examples;
        private final BatchLoader loader;
        private final StepClock clock;
        private final TrainingSteps sequence;
        private List<StepTimes> times = new ArrayList<>();
        private int taken;

        Run(ImageSet images, int steps) {
            int[] order = SyntheticImages.order(steps * globalBatch);
            examples = order.length;
            loader = new BatchLoader(images, new SharedOrder(order, slices), transform(images), PREFETCH);
            clock = new StepClock(loader);
            sequence = new TrainingSteps(replica, kernels, group, outcome -> times.add(clock.timesOf(outcome)));
        }

        /** Takes the next ones, to their end. */
        List<StepTimes> take(int steps) throws IOException, InterruptedException {
            times = new ArrayList<>();
            for (int step = 0; step < steps; step++) {
                ImageBatch batch = loader.next().orElseThrow();
                sequence.take(
                        BatchPixels.of(batch),
                        batch.labels(),
                        batch.weights(),
                        batch.count(),
                        batch.globalCount(),
                        new BatchPosition(BenchmarkSession.SEED, 0, slices.first(examples, taken++)),
                        () -> OPTIMIZER.step(replica, OPTIMIZER.learningRate()));
            }
            sequence.finish();
            return times;
        }

        /** The next step begins now. */
        void restart() {
            clock.restart();
        }

        @Override
        public void close() {
            loader.close();
        }
    }

    /** From one step's end to the next one's; on a device the passes of a step may begin before the one before is heard of. */
    private static final class StepClock {
        private final BatchLoader loader;
        private long start = System.nanoTime();
        private long waitedNanos;

        StepClock(BatchLoader loader) {
            this.loader = loader;
        }

        void restart() {
            start = System.nanoTime();
            waitedNanos = loader.waitNanos();
        }

        StepTimes timesOf(StepOutcome outcome) {
            long end = System.nanoTime();
            long waited = loader.waitNanos();
            StepTimes times = StepTimes.of(outcome, (waited - waitedNanos) / 1e9, (end - start) / 1e9);
            start = end;
            waitedNanos = waited;
            return times;
        }
    }

    /** What training does to images of that size by default. */
    private static ImageTransform transform(ImageSet images) {
        Normalization normalization = new Normalization(
                Collections.nCopies(images.channels(), 0.5f), Collections.nCopies(images.channels(), 0.25f));
        int padding = Math.min(CROP_PADDING, Math.min(images.height(), images.width()) - 1);
        return new ImageTransform(
                images.shape(), normalization, new Augmentation(padding, true), BenchmarkSession.SEED, 0);
    }
}
