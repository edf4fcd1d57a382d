package io.densespark.spark.evaluate;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.batch.Augmentation;
import io.densespark.data.batch.BatchLoader;
import io.densespark.data.batch.BatchSlices;
import io.densespark.data.batch.ImageSet;
import io.densespark.data.batch.ImageTransform;
import io.densespark.data.batch.Normalization;
import io.densespark.data.batch.SharedImages;
import io.densespark.model.ModelException;
import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.BatchResult;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.StateDictionary;
import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import io.densespark.spark.platform.AvailableMemory;
import io.densespark.spark.platform.NativeCache;
import io.densespark.spark.platform.PlatformCheck;
import io.densespark.spark.resources.MemoryBudget;
import io.densespark.spark.resources.MemoryCheck;
import io.densespark.spark.resources.TaskDevice;
import io.densespark.spark.store.ModelFolder;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** One task of an evaluation: the images {@code [n·i/tasks, n·(i+1)/tasks)} of a split. */
final class EvaluateSlice implements Function<Integer, EvaluateSlice.Outcome> {
    private static final int PREFETCH = 2;

    private final String run;
    private final String model;
    private final String data;
    private final String split;
    private final int tasks;
    private final int batch;
    private final Broadcast<SerializableConfiguration> hadoop;

    /**
     * @param run unique name of this evaluation
     * @param batch most images at a time
     */
    EvaluateSlice(
            String run,
            String model,
            String data,
            String split,
            int tasks,
            int batch,
            Broadcast<SerializableConfiguration> hadoop) {
        this.run = run;
        this.model = model;
        this.data = data;
        this.split = split;
        this.tasks = tasks;
        this.batch = batch;
        this.hadoop = hadoop;
    }

    /**
     * A result, or why there can't be one: thrown, Spark would try it again and bury the message.
     *
     * @param problemOrNull for the user
     */
    record Outcome(int examples, double lossSum, int correct, String problemOrNull) implements Serializable {
        BatchResult orThrow() {
            if (problemOrNull != null) {
                throw new JobException(problemOrNull);
            }
            return new BatchResult(examples, lossSum, correct);
        }
    }

    @Override
    public Outcome call(Integer slice) throws IOException, InterruptedException {
        try {
            BatchResult result = evaluate(slice);
            return new Outcome(result.examples(), result.lossSum(), result.correct(), null);
        } catch (ModelException | DataException | JobException e) {
            return new Outcome(0, 0, 0, UserMessage.of(e));
        }
    }

    private BatchResult evaluate(int slice) throws IOException, InterruptedException {
        AvailableMemory atStart = AvailableMemory.now();
        PlatformCheck.requireSupported();
        NativeCache.prepare();
        Configuration conf = hadoop.value().value();
        ModelFolder folder = ModelFolder.read(new Path(model), conf);
        ModelDescription description = folder.description();
        DatasetDescription dataset = DatasetDescription.read(conf, new Path(data));
        ImageSet images = SharedImages.load(dataset, new Path(data), conf, split);
        TaskContext context = TaskContext.get();
        Device device = TaskDevice.of(context);
        Backend backend = LibTorch.open(device);
        ReplicaSettings wished = settings(description, batch, context, device);
        MemoryBudget budget = MemoryBudget.ofTasks(SparkEnv.get().conf(), run, atStart, context.cpus());
        int affordable = MemoryCheck.evaluationBatch(wished, budget);
        try (Replica replica = Replica.create(settings(description, affordable, context, device), backend)) {
            StateDictionary.restore(folder.state(), replica, model);
            return evaluate(replica, images, normalization(description), slice);
        }
    }

    private static ReplicaSettings settings(ModelDescription model, int images, TaskContext context, Device device) {
        return new ReplicaSettings(
                model.specification(),
                model.image(),
                images,
                RecomputeLevel.BOTTLENECK,
                TaskDevice.workers(device, context),
                device);
    }

    private BatchResult evaluate(Replica replica, ImageSet images, Normalization normalization, int slice)
            throws InterruptedException {
        int[] order = IntStream.range((int) ((long) images.size() * slice / tasks), (int)
                        ((long) images.size() * (slice + 1) / tasks))
                .toArray();
        ImageTransform transform = new ImageTransform(images.shape(), normalization, Augmentation.NONE, 0, 0);
        BatchSlices slices = new BatchSlices(replica.settings().batch(), 0, 1);
        try (BatchLoader loader = new BatchLoader(images, order, slices, transform, PREFETCH)) {
            return Evaluation.of(replica, loader);
        }
    }

    /** The model's own, which needn't be that of the data set. */
    private static Normalization normalization(ModelDescription model) {
        return new Normalization(floats(model.mean()), floats(model.std()));
    }

    private static List<Float> floats(List<Double> values) {
        return values.stream().map(Double::floatValue).toList();
    }
}
