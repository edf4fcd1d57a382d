package io.densespark.spark.predict;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.model.replica.Inference;
import io.densespark.model.tensor.Device;
import io.densespark.model.weights.ModelDescription;
import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import io.densespark.spark.platform.NativeCache;
import io.densespark.spark.platform.PlatformCheck;
import io.densespark.spark.predict.ReplicaPool.Lease;
import io.densespark.spark.resources.TaskDevice;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.Function1;

/**
 * Says of one image at a time what a model makes of it, where Spark asks for values one by one: in expressions. Made on the
 * driver and used by one task, which shares its replica with all others of its process; or on the driver, where Spark
 * computes some expressions instead. For any thread: a task that feeds Python has two.
 */
public final class ImageClassifier implements Serializable {
    private static final long serialVersionUID = 1;

    private final ImageColumn column;
    private final DataType type;
    private final ModelContent model;
    private final Broadcast<SerializableConfiguration> hadoop;
    private transient @Nullable Session session;

    /**
     * What a model says of an image.
     *
     * @param prediction name of the most probable class
     * @param probability of that class
     */
    public record Answer(String prediction, double probability) {}

    private ImageClassifier(
            ImageColumn column, DataType type, ModelContent model, Broadcast<SerializableConfiguration> hadoop) {
        this.column = column;
        this.type = type;
        this.model = model;
        this.hadoop = hadoop;
    }

    /**
     * A classifier of values of one type, which says how they hold images, as {@link ImageColumn} does; numbers are pixels
     * of the model's own shape.
     *
     * @param name of the values, for messages
     * @throws JobException if there can't be images in such values, or none for this model
     */
    public static ImageClassifier of(SparkContext sc, String name, DataType type, BroadcastModel model) {
        ImageShape shape = ReplicaEngine.shapeOf(model.description());
        ImageColumn column = ImageColumn.of(
                new StructType().add(name, type),
                name,
                type instanceof BinaryType ? Optional.empty() : Optional.of(shape));
        column.requireFor(shape.channels());
        return new ImageClassifier(
                column,
                type,
                model.content(),
                JavaSparkContext.fromSparkContext(sc)
                        .broadcast(new SerializableConfiguration(sc.hadoopConfiguration())));
    }

    /** What tells this model from others. */
    public String modelSha256() {
        return model.sha256();
    }

    /**
     * Classifies an image.
     *
     * @param value as Spark keeps it inside, not null
     * @throws BadImageException if it can't be read; the message names it
     * @throws JobException if its file can't be reached, or there can't be a replica
     */
    public synchronized Answer classify(Object value) throws BadImageException {
        TaskContext context = TaskContext.get();
        if (context == null) {
            try (Session once = new Session(null)) {
                return once.classify(value);
            }
        }
        Session before = session;
        if (before == null || before.context != context) {
            before = new Session(context);
            session = before;
        }
        return before.classify(value);
    }

    /** A task's reader and replica, or those of one image on the driver; a task's go with the task. */
    private final class Session implements AutoCloseable {
        private final @Nullable TaskContext context;
        private final Function1<Object, Object> toScala = CatalystTypeConverters.createToScalaConverter(type);
        private final List<String> classes;
        private final ImageReader reader;
        private final TaskReplica replica;
        private long position;

        Session(@Nullable TaskContext context) {
            this.context = context;
            // Before the first image is decoded: that loads a library, too.
            PlatformCheck.requireSupported();
            NativeCache.prepare();
            ModelDescription description = model.description();
            classes = description.classes();
            reader = new ImageReader(
                    column, ReplicaEngine.shapeOf(description), hadoop.value().value());
            Device device = context == null ? Device.CPU : TaskDevice.of(context);
            Lease lease = ReplicaPool.OF_THIS_PROCESS.acquire(
                    new ReplicaPool.Key(model.sha256(), device, PredictSettings.DEFAULT_BATCH),
                    () -> ReplicaEngine.open(
                            model,
                            device,
                            PredictSettings.DEFAULT_BATCH,
                            SparkEnv.get().conf()));
            replica = new TaskReplica(lease, context);
        }

        Answer classify(Object value) throws BadImageException {
            Row row = RowFactory.create(toScala.apply(value));
            position++;
            try {
                replica.submit(reader.read(row), 1);
            } catch (BadImageException e) {
                int partition = context == null ? 0 : context.partitionId();
                throw new BadImageException(column.name(row, partition, position - 1) + " is " + e.getMessage(), e);
            } catch (DataException e) {
                throw new JobException(UserMessage.of(e));
            }
            Inference inference = replica.await();
            double[] logits = new double[classes.size()];
            for (int c = 0; c < logits.length; c++) {
                logits[c] = inference.logits()[c];
            }
            double[] probabilities = Classification.probabilities(logits);
            int best = new Classification(List.of()).predict(probabilities);
            return new Answer(classes.get(best), probabilities[best]);
        }

        @Override
        public void close() {
            replica.close();
        }
    }
}
