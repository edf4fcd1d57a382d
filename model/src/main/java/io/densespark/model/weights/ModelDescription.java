package io.densespark.model.weights;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

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

    /** Name under which a file in another format carries the description, as JSON. */
    public static final String EMBEDDED = "densespark.model";

    /** File name of the weights in a model folder. */
    public static final String WEIGHTS_FILE = "model.safetensors";

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

    /** Names of classes that have none: their numbers, from 0. */
    public static List<String> numberedClasses(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    /** True if the classes' names are {@link #numberedClasses}. */
    public boolean hasNumberedClasses() {
        return classes.equals(numberedClasses(classes.size()));
    }

    /** The content of {@value #FILE}. */
    public byte[] toJson() {
        return Json.text(this).getBytes(StandardCharsets.UTF_8);
    }

    /** The same for {@link #EMBEDDED}. */
    public String toJsonLine() {
        return Json.line(this);
    }

    /** Reads a description and leaves the stream open; errors as {@link #parse}. */
    public static ModelDescription read(InputStream in, String source) throws IOException {
        return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), source);
    }

    /**
     * Reads a description.
     *
     * @param source what to name in an error
     * @throws ModelException if it is no valid description
     */
    public static ModelDescription parse(String json, String source) {
        try {
            return Json.parse(json, ModelDescription.class);
        } catch (JsonProcessingException e) {
            Throwable cause = e.getCause() instanceof ModelException known ? known : e;
            throw new ModelException(
                    source + " is no valid model description ("
                            + cause.getMessage().lines().findFirst().orElse("") + "); save the model again",
                    e);
        }
    }
}
