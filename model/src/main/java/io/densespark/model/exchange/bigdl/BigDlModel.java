package io.densespark.model.exchange.bigdl;

import com.intel.analytics.bigdl.serialization.Bigdl.AttrValue;
import com.intel.analytics.bigdl.serialization.Bigdl.BigDLModule;
import com.intel.analytics.shaded.protobuf_v_3_5_1.InvalidProtocolBufferException;
import io.densespark.model.ModelException;
import io.densespark.model.exchange.ForeignModel;
import io.densespark.model.exchange.ProtobufLimit;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.StateDictionary;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * A model in the format of BigDL 0.13's {@code saveModule}: a protobuf message {@code BigDLModule}. Its input is a batch of
 * normalized images {@code [N, C, H, W]}, its output the classes' log-probabilities {@code [N, K]}.
 */
public final class BigDlModel {
    private static final String REMEDY = "; give a file that BigDL's saveModule wrote";

    private BigDlModel() {}

    /**
     * Writes a model and leaves the stream open. The description goes along as an attribute, which BigDL ignores.
     *
     * @param state tensors by PyTorch's names
     * @throws ModelException if a tensor is missing or has another shape, or the model is too large for the format
     */
    public static void write(ModelDescription description, Map<String, NamedTensor> state, OutputStream out)
            throws IOException {
        ParameterLayout layout = ParameterLayout.of(description.specification());
        ProtobufLimit.require(layout, "a BigDL file");
        StateDictionary.requireAll(state, layout, "the model");
        TensorTable tensors = new TensorTable();
        BigDLModule.Builder network =
                new NetworkWriter(description.specification(), new ModuleFactory(state, tensors)).network();
        network.putAttr(TensorTable.ATTRIBUTE, tensors.toAttribute())
                .putAttr(ModelDescription.EMBEDDED, ModuleFactory.text(description.toJsonLine()))
                .build()
                .writeTo(out);
    }

    /**
     * Reads a DenseNet, however it is built of BigDL's modules, and leaves the stream open.
     *
     * @param source what to name in an error
     * @throws ModelException if the file is damaged, or the model no DenseNet; it names the first module that doesn't fit
     */
    public static ForeignModel read(InputStream in, String source) throws IOException {
        BigDLModule module;
        try {
            module = BigDLModule.parseFrom(in);
        } catch (InvalidProtocolBufferException | NullPointerException e) {
            // BigDL's generated classes meet their own null where a damaged file has two values of different kinds for
            // one.
            throw new ModelException(source + " is no BigDL model, or is truncated" + REMEDY, e);
        }
        if (!module.getModuleType().startsWith(ModuleFactory.CLASSES)) {
            throw new ModelException(source + " is no BigDL model: it names no module type" + REMEDY);
        }
        DenseNetMatcher matcher = new DenseNetMatcher(new Layers(new TensorReader(module, source), source));
        Map<String, NamedTensor> state = matcher.match(new Tracer(source).trace(module));
        ForeignModel model = ForeignModel.of(state, matcher.dropout(), source);
        if (matcher.lastSide().isPresent()) {
            model = model.endingWith(matcher.lastSide().getAsInt());
        }
        AttrValue description = module.getAttrOrDefault(ModelDescription.EMBEDDED, AttrValue.getDefaultInstance());
        return description.getStringValue().isEmpty()
                ? model
                : model.describedBy(ModelDescription.parse(description.getStringValue(), source), source);
    }
}
