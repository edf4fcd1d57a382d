package io.densespark.spark.predict;

import io.densespark.data.files.Sha256;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.Safetensors;
import io.densespark.spark.store.ModelFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A model on the driver whose content goes to each executor once, whatever number of predictions, tasks and micro-batches
 * use it. Spark takes it from the executors when nobody holds this any more and no Dataset that predicts with it.
 */
public final class BroadcastModel {
    private final ModelDescription description;
    private final String sha256;
    private final Broadcast<byte[]> weights;

    private BroadcastModel(ModelDescription description, String sha256, Broadcast<byte[]> weights) {
        this.description = description;
        this.sha256 = sha256;
        this.weights = weights;
    }

    /** Makes a model ready to travel; it begins to when an executor first asks. */
    public static BroadcastModel of(SparkContext sc, ModelFolder folder) {
        byte[] safetensors = safetensors(folder);
        String content = folder.description().toJsonLine() + Sha256.of(safetensors);
        return new BroadcastModel(
                folder.description(),
                Sha256.of(content.getBytes(StandardCharsets.UTF_8)),
                JavaSparkContext.fromSparkContext(sc).broadcast(safetensors));
    }

    private static byte[] safetensors(ModelFolder folder) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Safetensors.write(folder.state(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public ModelDescription description() {
        return description;
    }

    /** Takes the model from the executors now; who predicts with it later fails. */
    public void destroy() {
        weights.destroy();
    }

    /** What executors need. */
    ModelContent content() {
        return new ModelContent(description.toJsonLine(), sha256, weights);
    }
}
