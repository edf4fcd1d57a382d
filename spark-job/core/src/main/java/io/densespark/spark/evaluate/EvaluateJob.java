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

    private EvaluateJob() {}

    /**
     * Runs the model over all images of a split, on as many ranks as the cluster has slots and the images make batches.
     *
     * @param mostRanks ranks at most
     * @return what was found over the whole split; the order of the slices is fixed, so is the result
     * @throws JobException if model and data don't fit each other, or executors are lost again and again
     */
    public static EvaluationReport run(JavaSparkContext sc, Path model, Path data, String split, int mostRanks)
            throws IOException {
        Configuration conf = sc.hadoopConfiguration();
        ModelDescription description = ModelFolder.readDescription(model, conf);
        DatasetDescription dataset = DatasetDescription.read(conf, data);
        requireFit(description, dataset, model, data);
        ShardReader.requireThere(conf, data, dataset, List.of(split));
        long batches = (dataset.count(split) + BATCH - 1) / BATCH;
        int wanted = (int) Math.max(1, Math.min(mostRanks, batches));
        ReplicaRequest replica = ReplicaRequest.evaluation(description.specification(), description.image(), BATCH);
        EvaluateWork work = new EvaluateWork(model, data, split);
        for (int attempt = 1; ; attempt++) {
            try {
                int ranks = ClusterSlots.upTo(sc, wanted);
                EvaluationStatistics statistics =
                        new EvaluationStatistics(description.classes().size(), Math.toIntExact(dataset.count(split)));
                RankStage.of(sc, ranks, Connections.within(TIMEOUT), replica)
                        .run(work)
                        .forEach(statistics::add);
                return statistics.report(description.classes());
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
