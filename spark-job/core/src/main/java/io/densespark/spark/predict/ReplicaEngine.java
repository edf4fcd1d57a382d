package io.densespark.spark.predict;

import io.densespark.data.ImageShape;
import io.densespark.data.batch.Augmentation;
import io.densespark.data.batch.ImageTransform;
import io.densespark.data.batch.Normalization;
import io.densespark.model.backend.DeviceReplica;
import io.densespark.model.cuda.Cuda;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.Inference;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.StateDictionary;
import io.densespark.spark.platform.AvailableMemory;
import io.densespark.spark.resources.ExecutorCores;
import io.densespark.spark.resources.MemoryBudget;
import io.densespark.spark.resources.ReplicaRequest;
import java.util.List;
import org.apache.spark.SparkConf;

/** A replica with a model's weights. Where memory is short, it takes fewer images at a time than it is given. */
final class ReplicaEngine implements Engine {
    private final DeviceReplica opened;
    private final Replica replica;
    private final int values;
    private final ImageTransform transform;
    private final float[] floats;

    private ReplicaEngine(DeviceReplica opened, ModelDescription model) {
        this.opened = opened;
        this.replica = opened.replica();
        ImageShape shape = shapeOf(model);
        Normalization normalization = new Normalization(floats(model.mean()), floats(model.std()));
        values = shape.bytes();
        transform = new ImageTransform(shape, normalization, Augmentation.NONE, 0, 0);
        floats = new float[Math.multiplyExact(replica.settings().batch(), values)];
    }

    /** What a model takes. */
    static ImageShape shapeOf(ModelDescription model) {
        return new ImageShape(
                model.image().height(),
                model.image().width(),
                model.specification().inputChannels());
    }

    private static List<Float> floats(List<Double> values) {
        return values.stream().map(Double::floatValue).toList();
    }

    /**
     * Makes the replica of a process on a device; on CPU with as many workers as the executor has cores: while tasks wait
     * for it they use none.
     *
     * @param batch images at a time
     * @throws io.densespark.spark.JobException if there is too little memory for one image
     */
    static ReplicaEngine open(ModelContent content, Device device, int batch, SparkConf conf) {
        ModelDescription model = content.description();
        int workers = device.kind() == Device.Kind.CPU ? Math.min(batch, ExecutorCores.of(conf)) : 1;
        ReplicaSettings settings = ReplicaRequest.evaluation(model.specification(), model.image(), batch)
                .within(MemoryBudget.ofClusterManager(conf, 1).orElse(MemoryBudget.UNKNOWN), workers, device)
                .within(budget(device), workers, device)
                .settings(workers, device);
        DeviceReplica opened = DeviceReplica.open(settings);
        try {
            StateDictionary.restore(content.state(), opened.replica(), ModelContent.SOURCE);
            return new ReplicaEngine(opened, model);
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    private static MemoryBudget budget(Device device) {
        if (device.kind() != Device.Kind.CPU) {
            return MemoryBudget.ofGpu(Cuda.freeBytes(device));
        }
        AvailableMemory now = AvailableMemory.now();
        return MemoryBudget.ofMachine(now, now, 1, 1);
    }

    /** Images that it takes at a time. */
    int batch() {
        return replica.settings().batch();
    }

    @Override
    public Inference infer(byte[] pixels, int images) {
        int classes = replica.settings().spec().classes();
        int columns = replica.settings().spec().outputChannels();
        float[] logits = new float[images * classes];
        float[] features = new float[images * columns];
        for (int first = 0; first < images; first += batch()) {
            int count = Math.min(batch(), images - first);
            for (int n = 0; n < count; n++) {
                transform.normalize(pixels, (first + n) * values, floats, n * values);
            }
            Inference part = replica.infer(floats, count);
            System.arraycopy(part.logits(), 0, logits, first * classes, count * classes);
            System.arraycopy(part.features(), 0, features, first * columns, count * columns);
        }
        return new Inference(logits, features);
    }

    @Override
    public int imageBytes() {
        return values;
    }

    @Override
    public void close() {
        opened.close();
    }
}
