package io.densespark.spark.evaluate;

import io.densespark.data.DatasetDescription;
import io.densespark.data.shard.ShardReader;
import io.densespark.model.weights.ModelDescription;
import io.densespark.spark.JobException;
import io.densespark.spark.rank.Connections;
import io.densespark.spark.rank.RankStage;
import io.densespark.spark.rank.RanksLostException;
import io.densespark.spark.resources.ClusterSlots;
import io.densespark.spark.resources.ReplicaRequest;
import io.densespark.spark.store.ModelFolder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/** Evaluates a model folder on a prepared data set. */
public final class EvaluateJob {
    /** As many images at a time as are worth it. */
    private static final int BATCH = 64;

    /** Executors may be lost on the way; nothing is lost with them but time. */
    private static final int ATTEMPTS = 3;

    /** The ranks don't wait for each other, but for the slowest to be set up. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final ModelDescription model;
    private final EvaluateWork work;
    private final long images;

    private EvaluateJob(ModelDescription model, EvaluateWork work, long images) {
        this.model = model;
        this.work = work;
        this.images = images;
    }

    /**
     * Looks at model and data, without Spark.
     *
     * @param split of the data set
     * @throws JobException if they aren't there, or don't fit each other
     */
    public static EvaluateJob of(Path model, Path data, String split, Configuration conf) throws IOException {
        ModelDescription description = ModelFolder.readDescription(model, conf);
        DatasetDescription dataset = DatasetDescription.read(conf, data);
        requireFit(description, dataset, model, data);
        ShardReader.requireThere(conf, data, dataset, List.of(split));
        return new EvaluateJob(description, new EvaluateWork(model, data, split), dataset.count(split));
    }

    /**
     * Runs the model over all images, on as many ranks as the cluster has slots and the images make batches.
     *
     * @param mostRanks ranks at most
     * @return what was found over the whole split; the order of the slices is fixed, so is the result
     * @throws JobException if executors are lost again and again
     */
    public EvaluationReport run(JavaSparkContext sc, int mostRanks) {
        long batches = (images + BATCH - 1) / BATCH;
        int wanted = (int) Math.max(1, Math.min(mostRanks, batches));
        ReplicaRequest replica = ReplicaRequest.evaluation(model.specification(), model.image(), BATCH);
        for (int attempt = 1; ; attempt++) {
            try {
                int ranks = ClusterSlots.upTo(sc, wanted);
                EvaluationStatistics statistics =
                        new EvaluationStatistics(model.classes().size(), Math.toIntExact(images));
                RankStage.of(sc, ranks, Connections.within(TIMEOUT), replica)
                        .run(work)
                        .forEach(statistics::add);
                return statistics.report(model.classes());
            } catch (RanksLostException e) {
                if (attempt == ATTEMPTS) {
                    throw new JobException(
                            "evaluation lost its executors " + attempt + " times; the last: " + e.getMessage()
                                    + ": see the executors' logs, and run it again",
                            e);
                }
            }
        }
    }

    private static void requireFit(ModelDescription model, DatasetDescription dataset, Path modelPath, Path dataPath) {
        dataset.requirePlainLabels();
        int channels = model.specification().inputChannels();
        if (model.hasNumberedClasses()
                && !dataset.classes().equals(model.classes())
                && dataset.classes().size() == model.classes().size()) {
            throw new JobException(
                    "model " + modelPath + " has numbers for names of its classes, as one that was imported "
                            + "without names, the data set " + dataPath + " has " + dataset.classes()
                            + ": import the model again with --data and that data set, or with --classes");
        }
        if (dataset.channels() != channels || !dataset.classes().equals(model.classes())) {
            throw new JobException(
                    "model " + modelPath + " was trained on images of " + channels + " channels and classes "
                            + model.classes() + ", the data set " + dataPath + " has " + dataset.channels()
                            + " channels and classes "
                            + dataset.classes() + ": prepare the data set that belongs to the model");
        }
        if (dataset.height() != model.image().height()
                || dataset.width() != model.image().width()) {
            throw new JobException(
                    "model " + modelPath + " was trained on images of " + model.image() + ", the data set "
                            + dataPath + " has " + dataset.height() + "x" + dataset.width()
                            + ": prepare the data set in the model's size");
        }
    }
}
