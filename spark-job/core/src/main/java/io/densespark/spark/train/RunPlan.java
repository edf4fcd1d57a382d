package io.densespark.spark.train;

import io.densespark.data.batch.BatchSlices;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.spark.JobException;
import io.densespark.spark.resources.ReplicaRequest;
import io.densespark.spark.settings.ClusterSettings;
import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.CheckpointStore.Complete;
import io.densespark.spark.store.StopRequest;
import java.io.Serializable;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
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
 * @param validSize training images that are kept aside for validation; 0 where there are others for it
 * @param feeder how ranks come to their images
 * @param beginning what the weights are at first
 */
record RunPlan(
        TrainSettings settings,
        String attempt,
        Map<String, String> identity,
        int height,
        int width,
        int channels,
        int classes,
        int validSize,
        Feeder feeder,
        Beginning beginning)
        implements Serializable {

    static final String CHECKPOINTS = "checkpoints";
    static final String TENSORBOARD = "tensorboard";
    private static final String DATA_SET = "data set";

    RunPlan {
        identity = Map.copyOf(identity);
    }

    /**
     * The first attempt of this process.
     *
     * @throws JobException if images are to be kept aside where there are some for validation
     */
    static RunPlan first(TrainSettings settings, TrainingData data, String attempt, Beginning beginning) {
        DataFacts facts = data.facts();
        int asked = settings.schedule().validSize().orElse(0);
        if (facts.hasValidation() && asked > 0) {
            throw new JobException("setting valid-size is " + asked + ", and the data set " + facts.name()
                    + " has a validation split of its own: leave out valid-size, or set --valid-size 0");
        }
        return new RunPlan(
                settings,
                attempt,
                identity(settings, facts),
                facts.shape().height(),
                facts.shape().width(),
                facts.shape().channels(),
                facts.classes().size(),
                validSize(settings, facts),
                data.feeder(),
                beginning);
    }

    static Map<String, String> identity(TrainSettings settings, DataFacts facts) {
        Map<String, String> identity = settings.identity();
        identity.put(DATA_SET, facts.checksum());
        identity.put(Setting.VALID_SIZE.key(), Integer.toString(validSize(settings, facts)));
        return identity;
    }

    RunPlan next(String nextAttempt, Beginning nextBeginning) {
        return next(nextAttempt, nextBeginning, worldSize());
    }

    /** Another attempt, by so many replicas. */
    RunPlan next(String nextAttempt, Beginning nextBeginning, int replicas) {
        return new RunPlan(
                settings.decided(seed(), replicas),
                nextAttempt,
                identity,
                height,
                width,
                channels,
                classes,
                validSize,
                feeder,
                nextBeginning);
    }

    private static int validSize(TrainSettings settings, DataFacts facts) {
        return facts.hasValidation() ? 0 : settings.schedule().validSize(facts.trainImages());
    }

    DenseNetSpec spec() {
        return settings.network().spec(channels, classes);
    }

    int worldSize() {
        return settings.cluster().replicas().orElseThrow(() -> new IllegalStateException("replicas are undecided"));
    }

    long seed() {
        return settings.seed().orElseThrow(() -> new IllegalStateException("the seed is undecided"));
    }

    Path checkpoints() {
        return new Path(settings.places().save(), CHECKPOINTS);
    }

    /** The driver's request to the ranks of this attempt to stop. */
    StopRequest stopRequest(Configuration conf) {
        return new StopRequest(new Path(settings.places().save()), attempt, conf);
    }

    /** The folder of TensorBoard's event files. */
    Path tensorboard() {
        return new Path(settings.places().save(), TENSORBOARD);
    }

    /**
     * How many replicas the run may have, each with images in every step.
     *
     * @param cluster as asked for
     * @param slots that the cluster may have one day, if that is known
     * @throws JobException if the number is to change on the way, and each replica has images of its own
     */
    ReplicaCount replicaCount(ClusterSettings cluster, OptionalInt slots) {
        int most = Math.max(worldSize(), settings.schedule().batchSize() / leastShare());
        int wanted = Math.min(most, Math.max(worldSize(), slots.orElse(0)));
        int least = cluster.elasticity().least().isPresent()
                ? cluster.leastReplicas().getAsInt()
                : worldSize();
        ReplicaCount count = new ReplicaCount(
                Math.min(least, wanted),
                cluster.elasticity().least().isPresent() ? wanted : worldSize(),
                cluster.elasticity().patience());
        if (count.isElastic() && !feeder.hasOneOrder()) {
            throw new JobException("setting min-replicas " + count.least() + " would let the number of replicas change "
                    + "within an epoch, and the rows of a DataFrame are shared out among a fixed number: leave it out, "
                    + "or train on a data set that 'prepare' wrote");
        }
        return count;
    }

    /** The largest replica: the one that takes the largest share of a global batch. */
    ReplicaRequest replica() {
        return ReplicaRequest.training(
                spec(),
                new ImageShape(height, width),
                trainingSlices(0).maxCount(),
                settings.cluster().levels(),
                settings.cluster().precision());
    }

    /** What a rank takes of each global batch that trains. */
    BatchSlices trainingSlices(int rank) {
        return new BatchSlices(settings.schedule().batchSize(), rank, worldSize(), leastShare());
    }

    /** Images that give every channel of the smallest feature map more than one value, so that it has a variance. */
    int leastShare() {
        DenseNetSpec spec = spec();
        ImageShape image = new ImageShape(height, width);
        spec.requireFits(image);
        ImageShape smallest = spec.blockShape(image, spec.blocks().size() - 1);
        return smallest.pixels() == 1 ? 2 : 1;
    }

    /**
     * Refuses to go on within an epoch whose images would be shared out otherwise now, so that some would be seen twice and some
     * never.
     *
     * @throws JobException with the number of replicas that can go on
     */
    void requireSameShares(Complete from) {
        int then = from.manifest().progress().ranks().size();
        if (then > 0 && then != worldSize() && !feeder.hasOneOrder()) {
            throw new JobException("checkpoint " + from.folder() + " is of the middle of an epoch that " + then
                    + " replicas shared, each with rows of its own, and there are " + worldSize()
                    + " now: go on with replicas " + then + ", or remove that folder to go on from an epoch's end");
        }
    }

    /**
     * Finds a step in which a replica would have no batch statistics, before it comes.
     *
     * @param trainingImages of an epoch
     * @throws JobException if there is one, with the settings to change
     */
    void requireStatistics(int trainingImages) {
        int least = leastShare();
        if (settings.schedule().batchSize() < least * worldSize()) {
            throw new JobException("setting batch-size " + settings.schedule().batchSize() + " gives some of "
                    + worldSize()
                    + " replicas a single image a step, and the last feature maps are 1x1, so that their channels would "
                    + "have no variance: set --batch-size to " + least * worldSize() + " or more, or --replicas lower");
        }
        if (least > 1
                && feeder.hasShortBatch()
                && trainingImages % settings.schedule().batchSize() == 1) {
            throw new JobException("the last batch of an epoch is a single image (" + trainingImages
                    + " training images, setting batch-size "
                    + settings.schedule().batchSize()
                    + "), and the last feature maps are 1x1, so that their channels would have no variance: set "
                    + "--batch-size otherwise, or --valid-size one higher or lower");
        }
    }
}
