package io.densespark.spark.predict;

import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.Safetensors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;

/**
 * A model on an executor.
 *
 * @param json of its {@link ModelDescription}
 * @param sha256 of description and weights
 * @param safetensors its weights
 */
record ModelContent(String json, String sha256, Broadcast<byte[]> safetensors) implements Serializable {
    /** What to name in an error. */
    static final String SOURCE = "the model";

    ModelDescription description() {
        return ModelDescription.parse(json, SOURCE);
    }

    Map<String, NamedTensor> state() {
        try {
            return Safetensors.read(new ByteArrayInputStream(safetensors.value()), SOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
