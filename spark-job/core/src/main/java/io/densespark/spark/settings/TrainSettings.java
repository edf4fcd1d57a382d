package io.densespark.spark.settings;

import io.densespark.model.optimizer.Sgd;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.spark.JobException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One training run, as asked for. See {@link Setting} for what each component means.
 *
 * @param levelOrNull what to recompute, or null for the fastest level that fits
 * @param initOrNull where the first weights lie, or null for random ones
 * @param seedOrNull the seed, or null if none was given
 * @param replicasOrNull the number of replicas, or null if none was given
 */
public record TrainSettings(
        String data,
        String save,
        NetworkSettings network,
        int epochs,
        int batchSize,
        double learningRate,
        double momentum,
        double weightDecay,
        int validSize,
        int cropPadding,
        boolean flip,
        RecomputeLevel levelOrNull,
        String initOrNull,
        Long seedOrNull,
        Integer replicasOrNull,
        int collectiveTimeoutSeconds,
        int maxFailures)
        implements Serializable {

    /** @throws JobException naming the setting that is out of range */
    public TrainSettings {
        requireAtLeast(Setting.EPOCHS, epochs, 1);
        requireAtLeast(Setting.BATCH_SIZE, batchSize, 1);
        requireAtLeast(Setting.VALID_SIZE, validSize, 0);
        requireAtLeast(Setting.CROP_PADDING, cropPadding, 0);
        requireAtLeast(Setting.COLLECTIVE_TIMEOUT, collectiveTimeoutSeconds, 1);
        requireAtLeast(Setting.MAX_FAILURES, maxFailures, 0);
        if (replicasOrNull != null) {
            requireAtLeast(Setting.REPLICAS, replicasOrNull, 1);
            if (replicasOrNull > batchSize) {
                throw new JobException("batch-size " + batchSize + " is less than the " + replicasOrNull
                        + " replicas: some would never see an image; set --batch-size higher or --replicas lower");
            }
        }
    }

    public OptionalLong seed() {
        return seedOrNull == null ? OptionalLong.empty() : OptionalLong.of(seedOrNull);
    }

    public OptionalInt replicas() {
        return replicasOrNull == null ? OptionalInt.empty() : OptionalInt.of(replicasOrNull);
    }

    /** The recompute levels that may be taken, the fastest first: the one asked for, or all. */
    public List<RecomputeLevel> levels() {
        return levelOrNull == null ? List.of(RecomputeLevel.values()) : List.of(levelOrNull);
    }

    /** Where the first weights lie; random ones if empty. */
    public Optional<String> init() {
        return Optional.ofNullable(initOrNull);
    }

    public Sgd optimizer() {
        return new Sgd(learningRate, momentum, weightDecay);
    }

    public Duration collectiveTimeout() {
        return Duration.ofSeconds(collectiveTimeoutSeconds);
    }

    /** The same run with its places written otherwise. */
    public TrainSettings at(String otherData, String otherSave, String otherInitOrNull) {
        return new TrainSettings(
                otherData,
                otherSave,
                network,
                epochs,
                batchSize,
                learningRate,
                momentum,
                weightDecay,
                validSize,
                cropPadding,
                flip,
                levelOrNull,
                otherInitOrNull,
                seedOrNull,
                replicasOrNull,
                collectiveTimeoutSeconds,
                maxFailures);
    }

    /** The same run with its seed and its number of replicas decided. */
    public TrainSettings decided(long seed, int replicas) {
        return new TrainSettings(
                data,
                save,
                network,
                epochs,
                batchSize,
                learningRate,
                momentum,
                weightDecay,
                validSize,
                cropPadding,
                flip,
                levelOrNull,
                initOrNull,
                seed,
                replicas,
                collectiveTimeoutSeconds,
                maxFailures);
    }

    /**
     * What must not change when a run goes on from a checkpoint, by the settings' keys. Places, the number of replicas,
     * what is kept in memory, and how failures are met may change.
     */
    public Map<String, String> identity() {
        Map<String, String> identity = network.identity();
        identity.put(Setting.EPOCHS.key(), Integer.toString(epochs));
        identity.put(Setting.BATCH_SIZE.key(), Integer.toString(batchSize));
        identity.put(Setting.LEARNING_RATE.key(), Double.toString(learningRate));
        identity.put(Setting.MOMENTUM.key(), Double.toString(momentum));
        identity.put(Setting.WEIGHT_DECAY.key(), Double.toString(weightDecay));
        identity.put(Setting.VALID_SIZE.key(), Integer.toString(validSize));
        identity.put(Setting.CROP_PADDING.key(), Integer.toString(cropPadding));
        identity.put(Setting.FLIP.key(), Boolean.toString(flip));
        identity.put(Setting.INIT.key(), init().orElse("none"));
        return identity;
    }

    private static void requireAtLeast(Setting setting, int value, int least) {
        if (value < least) {
            throw new JobException("setting " + setting.key() + " is " + value + ": it must be at least " + least);
        }
    }
}
