package io.densespark.model.exchange;

import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.Safetensors;
import io.densespark.model.weights.StateDictionary;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** A whole model in one safetensors file, its description in the metadata: PyTorch's tools read the tensors as they are. */
public final class SafetensorsModel {
    private SafetensorsModel() {}

    /**
     * Writes a model and leaves the stream open.
     *
     * @param state tensors by PyTorch's names
     * @throws io.densespark.model.ModelException if a tensor is missing or has another shape; nothing is written then
     */
    public static void write(ModelDescription description, Map<String, NamedTensor> state, OutputStream out)
            throws IOException {
        StateDictionary.requireAll(state, ParameterLayout.of(description.specification()), "the model");
        Safetensors.write(
                new Safetensors.Content(state, Map.of(ModelDescription.EMBEDDED, description.toJsonLine())), out);
    }

    /**
     * Reads a model, which PyTorch's users may have saved, and leaves the stream open.
     *
     * @param source what to name in an error
     * @throws io.densespark.model.ModelException if the file is damaged or holds no whole DenseNet
     */
    public static ForeignModel read(InputStream in, String source) throws IOException {
        Safetensors.Content content = Safetensors.readAll(in, source);
        ForeignModel model = ForeignModel.of(content.tensors(), 0, source);
        return content.metadata().containsKey(ModelDescription.EMBEDDED)
                ? model.describedBy(
                        ModelDescription.parse(content.metadata().get(ModelDescription.EMBEDDED), source), source)
                : model;
    }
}
