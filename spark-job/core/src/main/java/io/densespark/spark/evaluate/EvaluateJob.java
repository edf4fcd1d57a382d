package io.densespark.spark.evaluate;

import io.densespark.data.DatasetDescription;
import io.densespark.model.replica.BatchResult;
import io.densespark.model.weights.ModelDescription;
import io.densespark.spark.JobException;
import io.densespark.spark.barrier.SliceJob;
import io.densespark.spark.store.ModelFolder;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Evaluates a model folder on a prepared data set. */
public final class EvaluateJob {
    /** As many images at a time as are worth it. */
    public static final int BATCH = 64;

    private EvaluateJob() {}

    /**
     * Runs the model over all images of a split, in {@code tasks} slices.
     *
     * @param batch images at a time, fewer where a task has too little memory for them
     * @return loss and correct answers over the whole split; the order of the slices is fixed, so is the result
     * @throws JobException if model and data don't fit each other
     */
    public static BatchResult run(JavaSparkContext sc, Path model, Path data, String split, int tasks, int batch)
            throws IOException {
        Configuration conf = sc.hadoopConfiguration();
        ModelDescription description = ModelFolder.readDescription(model, conf);
        DatasetDescription dataset = DatasetDescription.read(conf, data);
        requireFit(description, dataset, model, data);
        Broadcast<SerializableConfiguration> hadoop = sc.broadcast(new SerializableConfiguration(conf));
        EvaluateSlice slice = new EvaluateSlice(
                UUID.randomUUID().toString(),
                model.toString(),
                data.toString(),
                split,
                tasks,
                Math.min(batch, BATCH),
                hadoop);
        try {
            return SliceJob.run(sc, tasks, slice).stream()
                    .map(EvaluateSlice.Outcome::orThrow)
                    .reduce(BatchResult.EMPTY, BatchResult::plus);
        } finally {
            hadoop.destroy();
        }
    }

    private static void requireFit(ModelDescription model, DatasetDescription dataset, Path modelPath, Path dataPath) {
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
