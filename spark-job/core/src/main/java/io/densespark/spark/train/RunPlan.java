package io.densespark.spark.train;

import io.densespark.data.DatasetDescription;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.spark.settings.TrainSettings;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * What the driver tells every rank of one attempt.
 *
 * @param settings with seed and number of replicas decided
 * @param attempt unique name of this attempt
 * @param identity what must be the same for a checkpoint to fit, by name
 * @param height of the images
 * @param width of the images
 * @param channels of the images
 * @param classes of the images
 * @param levels recompute levels that a rank may run at, the fastest first
 * @param initSha256OrNull digest of the weights to begin with, or null to draw them
 * @param resumeFolderOrNull the checkpoint to go on from, or null to begin
 */
record RunPlan(
        TrainSettings settings,
        String attempt,
        Map<String, String> identity,
        int height,
        int width,
        int channels,
        int classes,
        List<RecomputeLevel> levels,
        String initSha256OrNull,
        String resumeFolderOrNull)
        implements Serializable {

    static final String CHECKPOINTS = "checkpoints";
    static final String TENSORBOARD = "tensorboard";
    private static final String DATA_SET = "data set";

    RunPlan {
        identity = Map.copyOf(identity);
        levels = List.copyOf(levels);
    }

    /** The first attempt of this process. */
    static RunPlan first(
            TrainSettings settings,
            DatasetDescription dataset,
            String attempt,
            Optional<String> initSha256,
            Optional<String> resume) {
        return new RunPlan(
                settings,
                attempt,
                identity(settings, dataset),
                dataset.height(),
                dataset.width(),
                dataset.channels(),
                dataset.classes().size(),
                settings.levels(),
                initSha256.orElse(null),
                resume.orElse(null));
    }

    static Map<String, String> identity(TrainSettings settings, DatasetDescription dataset) {
        Map<String, String> identity = settings.identity();
        identity.put(DATA_SET, dataset.checksum());
        return identity;
    }

    RunPlan next(String nextAttempt, Optional<String> resume) {
        return with(nextAttempt, levels, resume.orElse(null));
    }

    /** The same attempt with other levels to choose from. */
    RunPlan withLevels(List<RecomputeLevel> others) {
        return with(attempt, others, resumeFolderOrNull);
    }

    private RunPlan with(String newAttempt, List<RecomputeLevel> newLevels, String newResumeFolderOrNull) {
        return new RunPlan(
                settings,
                newAttempt,
                identity,
                height,
                width,
                channels,
                classes,
                newLevels,
                initSha256OrNull,
                newResumeFolderOrNull);
    }

    DenseNetSpec spec() {
        return settings.network().spec(channels, classes);
    }

    int worldSize() {
        return settings.replicas().orElseThrow();
    }

    long seed() {
        return settings.seed().orElseThrow();
    }

    Optional<String> initSha256() {
        return Optional.ofNullable(initSha256OrNull);
    }

    Optional<String> resumeFolder() {
        return Optional.ofNullable(resumeFolderOrNull);
    }

    String datasetChecksum() {
        return identity.get(DATA_SET);
    }

    Path data() {
        return new Path(settings.data());
    }

    Path checkpoints() {
        return new Path(settings.save(), CHECKPOINTS);
    }

    /** The folder of TensorBoard's event files. */
    Path tensorboard() {
        return new Path(settings.save(), TENSORBOARD);
    }

    /** The largest replica: the one that takes the largest share of a global batch. */
    ReplicaSettings replica(RecomputeLevel level, int workers, Device device) {
        return new ReplicaSettings(spec(), new ImageShape(height, width), largestShare(), level, workers, device);
    }

    /** The most images of a global batch that one rank takes. */
    int largestShare() {
        return (settings.batchSize() + worldSize() - 1) / worldSize();
    }
}
