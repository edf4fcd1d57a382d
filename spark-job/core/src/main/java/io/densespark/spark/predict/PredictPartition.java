package io.densespark.spark.predict;

import io.densespark.data.ImageShape;
import io.densespark.model.tensor.Device;
import io.densespark.model.weights.ModelDescription;
import io.densespark.spark.platform.NativeCache;
import io.densespark.spark.platform.PlatformCheck;
import io.densespark.spark.predict.ReplicaPool.Lease;
import io.densespark.spark.resources.TaskDevice;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What each task of a prediction does with its rows. It travels to the executors by Java serialization.
 *
 * @param column of the images
 * @param output how predictions become columns
 * @param batch images that go through the network at a time
 * @param onBadImage what becomes of rows without a usable image
 * @param hadoop the driver's configuration, for images in files of their own
 */
record PredictPartition(
        ImageColumn column,
        OutputRow output,
        int batch,
        OnBadImage onBadImage,
        ModelContent model,
        ImageCounters counters,
        Broadcast<SerializableConfiguration> hadoop)
        implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        TaskContext context = TaskContext.get();
        // Before the first image is decoded: that loads a library, too.
        PlatformCheck.requireSupported();
        NativeCache.prepare();
        ModelDescription description = model.description();
        ImageShape shape = ReplicaEngine.shapeOf(description);
        ImageReader reader = new ImageReader(column, shape, hadoop.value().value());
        TaskReplica replica = new TaskReplica(lease(context), context);
        return new PredictedRows(
                rows, new BatchFiller(this, reader, shape.bytes(), context.partitionId()), replica, output);
    }

    private Lease lease(TaskContext context) {
        Device device = TaskDevice.of(context);
        SparkConf conf = SparkEnv.get().conf();
        return ReplicaPool.OF_THIS_PROCESS.acquire(
                new ReplicaPool.Key(model.sha256(), device, batch),
                () -> ReplicaEngine.open(model, device, batch, conf));
    }
}
