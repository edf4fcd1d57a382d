package io.densespark.spark.train;

import io.densespark.data.ImageShape;
import io.densespark.data.batch.TrainValidationSplit;
import io.densespark.data.files.Leftovers;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.tensor.Device;
import io.densespark.spark.JobException;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.CheckpointStore.Complete;
import io.densespark.spark.store.SaveFolder;
import io.densespark.spark.store.SaveLease;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A run as far as it can be known without Spark: its images, and where it begins. What can't work is refused here.
 *
 * @param asked settings as given
 * @param data to train on
 * @param checkpoints of the save folder
 * @param newest checkpoint to go on from, if there is one
 * @param weights to begin with, where there is no checkpoint and they are asked for
 * @param seed as asked for, that of the checkpoint, or a random one
 */
public record RunStart(
        TrainSettings asked,
        TrainingData data,
        CheckpointStore checkpoints,
        Optional<Complete> newest,
        Optional<StartingWeights> weights,
        long seed) {
    private static final String NONE = "none";

    /**
     * Looks at the settings' data set, and at what is in the save folder, from which leftovers of a killed run are removed.
     *
     * @throws JobException if the run can't succeed as asked, or has been finished
     */
    public static RunStart of(TrainSettings asked, Configuration conf) throws IOException {
        TrainResult.requireNone(new Path(asked.places().save()), conf);
        return of(asked, PreparedData.read(new Path(asked.places().data()), conf), conf);
    }

    /** The same for any images, and for a run without a result of its own. */
    static RunStart of(TrainSettings asked, TrainingData data, Configuration conf) throws IOException {
        Path save = new Path(asked.places().save());
        SaveFolder.require(
                save,
                List.of(RunPlan.CHECKPOINTS, RunPlan.TENSORBOARD, Conclusion.MODEL),
                List.of(TrainJob.RESULTS),
                conf);
        SaveLease.requireFree(save, conf);
        CheckpointStore checkpoints = new CheckpointStore(new Path(save, RunPlan.CHECKPOINTS), conf);
        Leftovers.removeAllIn(save, conf);
        Leftovers.removeAllIn(new Path(save, RunPlan.TENSORBOARD), conf);
        checkpoints.removeLeftovers();
        Optional<Complete> newest = checkpoints.toGoOnFrom();
        Optional<StartingWeights> weights = newest.isPresent() ? Optional.empty() : weights(asked, data, conf);
        RunStart start = new RunStart(asked, data, checkpoints, newest, weights, seed(asked, newest));
        newest.ifPresent(start::requireSame);
        start.requireValid();
        return start;
    }

    /** Reads the weights to begin with, to find out now whether they are there and fit. */
    private static Optional<StartingWeights> weights(TrainSettings asked, TrainingData data, Configuration conf) {
        return asked.places().init().map(uri -> {
            RunPlan plan = RunPlan.first(asked, data, "", new Beginning.Random());
            return StartingWeights.read(uri, ParameterLayout.of(plan.spec()), conf);
        });
    }

    private static long seed(TrainSettings asked, Optional<Complete> newest) {
        return asked.seed()
                .orElseGet(() -> newest.map(complete -> complete.manifest().seed())
                        .orElseGet(() -> (long) new SecureRandom().nextInt(Integer.MAX_VALUE)));
    }

    private void requireSame(Complete checkpoint) {
        Map<String, String> now = RunPlan.identity(asked, data.facts());
        Map<String, String> then = checkpoint.manifest().settings();
        Stream.concat(then.keySet().stream(), now.keySet().stream()).forEach(key -> {
            // Settings that are switched off are left out.
            String value = then.getOrDefault(key, NONE);
            if (!value.equals(now.getOrDefault(key, NONE))) {
                throw new JobException("checkpoint " + checkpoint.folder() + " was trained with " + key + " " + value
                        + ", not " + now.getOrDefault(key, NONE)
                        + ": use the same settings to go on, or another --save to begin anew");
            }
        });
        if (checkpoint.manifest().seed() != seed) {
            throw new JobException("checkpoint " + checkpoint.folder() + " was trained with seed "
                    + checkpoint.manifest().seed() + ", not " + seed
                    + ": leave out --seed to go on, or use another --save to begin anew");
        }
    }

    /** Finds now, on the driver, what every rank would find later. */
    private void requireValid() {
        List<String> classes = data.facts().classes();
        if (classes.size() < 2) {
            throw new JobException("data set " + data.facts().name() + " has one class only, " + classes.get(0)
                    + ": a classifier needs two or more");
        }
        ImageShape shape = data.facts().shape();
        asked.augmentation().requireFits(shape);
        RunPlan plan = RunPlan.first(settings(1), data, "", new Beginning.Random());
        if (plan.validSize() >= data.facts().trainImages()) {
            throw new JobException("valid-size " + plan.validSize() + " keeps all of the "
                    + data.facts().trainImages() + " training images aside: set it from 0 to "
                    + (data.facts().trainImages() - 1) + ", or give images of their own for validation");
        }
        TrainValidationSplit.of(data.facts().trainImages(), plan.validSize(), plan.seed());
        plan.replica().settings(1, Device.CPU);
    }

    /** What the weights are at first. */
    Beginning beginning() {
        return newest.map(Beginning::after)
                .or(() -> weights.map(found -> new Beginning.Weights(found.sha256())))
                .orElseGet(Beginning.Random::new);
    }

    /** The settings with seed and replicas decided: as many as there are slots, and images in a step. */
    TrainSettings settings(int slots) {
        return asked.decided(seed, Math.min(slots, asked.schedule().batchSize()));
    }

    Path save() {
        return new Path(asked.places().save());
    }
}
