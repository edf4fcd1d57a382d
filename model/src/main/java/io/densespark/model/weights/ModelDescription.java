package io.densespark.model.weights;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.densespark.model.ModelException;
import io.densespark.model.spec.DenseNetSpec;
import io.densespark.model.spec.ImageShape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The file {@code model.json} of a model folder: all that is needed to use {@code model.safetensors} beside it.
 *
 * @param specification the network
 * @param classes names of the outputs, in order
 * @param mean of each input channel, subtracted from pixels in [0, 1]
 * @param std of each input channel, divides what is left
 * @param image size of the images that it was trained on
 */
public record ModelDescription(
        DenseNetSpec specification,
        List<String> classes,
        List<Double> mean,
        List<Double> std,
        @JsonProperty("image_size") ImageShape image) {
    /** File name of the description in a model folder. */
    public static final String FILE = "model.json";

    /** File name of the weights in a model folder. */
    public static final String WEIGHTS_FILE = "model.safetensors";

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    /** @throws ModelException if the lists don't match the specification */
    public ModelDescription {
        classes = List.copyOf(classes);
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (classes.size() != specification.classes()) {
            throw new ModelException("model.json names " + classes.size() + " classes, its specification has "
                    + specification.classes());
        }
        if (mean.size() != specification.inputChannels() || std.size() != specification.inputChannels()) {
            throw new ModelException("model.json gives mean and std of " + mean.size() + " and " + std.size()
                    + " channels, its specification has " + specification.inputChannels());
        }
    }

    public byte[] toJson() {
        try {
            return (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a description and leaves the stream open.
     *
     * @param source what to name in an error
     * @throws ModelException if it is no valid description
     */
    public static ModelDescription read(InputStream in, String source) throws IOException {
        try {
            return JSON.readValue(in.readAllBytes(), ModelDescription.class);
        } catch (JsonProcessingException e) {
            Throwable cause = e.getCause() instanceof ModelException known ? known : e;
            throw new ModelException(
                    source + " is no valid model description ("
                            + cause.getMessage().lines().findFirst().orElse("") + "); save the model again",
                    e);
        }
    }
}
