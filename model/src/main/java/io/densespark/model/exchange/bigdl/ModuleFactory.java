package io.densespark.model.exchange.bigdl;

import com.intel.analytics.bigdl.serialization.Bigdl.AttrValue;
import com.intel.analytics.bigdl.serialization.Bigdl.AttrValue.ArrayValue;
import com.intel.analytics.bigdl.serialization.Bigdl.BigDLModule;
import com.intel.analytics.bigdl.serialization.Bigdl.DataType;
import com.intel.analytics.bigdl.serialization.Bigdl.InputDataFormat;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.weights.NamedTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * BigDL's modules for a DenseNet. BigDL makes a module again by its constructor: each parameter of that must be there as
 * an attribute of its name, absent defaults as attributes without a value.
 */
final class ModuleFactory {
    static final String CLASSES = "com.intel.analytics.bigdl.nn.";

    private static final String VERSION = "0.13.0";
    private static final List<String> INITIAL_TENSORS =
            List.of("initWeight", "initBias", "initGradWeight", "initGradBias");

    private final Map<String, NamedTensor> state;
    private final TensorTable tensors;

    /** @param state tensors by PyTorch's names */
    ModuleFactory(Map<String, NamedTensor> state, TensorTable tensors) {
        this.state = state;
        this.tensors = tensors;
    }

    BigDLModule.Builder sequential(String name, List<BigDLModule> parts) {
        return module("Sequential", name).addAllSubModules(parts);
    }

    /** Gives its input to each part, and joins what they give along the channels. */
    BigDLModule concat(String name, List<BigDLModule> parts) {
        return module("Concat", name)
                .putAttr("dimension", integer(2))
                .addAllSubModules(parts)
                .build();
    }

    BigDLModule identity(String name) {
        return module("Identity", name).build();
    }

    BigDLModule relu(String name) {
        return module("ReLU", name).putAttr("ip", bool(false)).build();
    }

    BigDLModule dropout(String name, double share) {
        return module("Dropout", name)
                .putAttr("initP", real(share))
                .putAttr("inplace", bool(false))
                .putAttr("scale", bool(true))
                .build();
    }

    /** A convolution without bias; its weight is {@code [1, O, I, KH, KW]} in BigDL. */
    BigDLModule convolution(String name, int stride, int padding) {
        NamedTensor weight = named(name + ".weight");
        List<Integer> shape = new ArrayList<>(weight.shape());
        BigDLModule.Builder module = module("SpatialConvolution", name)
                .putAttr("nOutputPlane", integer(shape.get(0)))
                .putAttr("nInputPlane", integer(shape.get(1)))
                .putAttr("kernelH", integer(shape.get(2)))
                .putAttr("kernelW", integer(shape.get(3)))
                .putAttr("strideW", integer(stride))
                .putAttr("strideH", integer(stride))
                .putAttr("padW", integer(padding))
                .putAttr("padH", integer(padding))
                .putAttr("nGroup", integer(1))
                .putAttr("propagateBack", bool(true))
                .putAttr("withBias", bool(false))
                .putAttr("format", channelsFirst());
        absent(module, DataType.REGULARIZER, List.of("wRegularizer", "bRegularizer"));
        absent(module, DataType.TENSOR, INITIAL_TENSORS);
        shape.add(0, 1);
        return module.setHasParameters(true)
                .addParameters(tensors.add(shape, weight.values()))
                .build();
    }

    BigDLModule norm(String name) {
        NamedTensor scale = named(name + ".weight");
        List<Integer> shape = scale.shape();
        float[] zeros = new float[shape.get(0)];
        BigDLModule.Builder module = module("SpatialBatchNormalization", name)
                .putAttr("nOutput", integer(shape.get(0)))
                .putAttr("eps", real(DenseNetSpec.NORM_EPSILON))
                .putAttr("momentum", real(DenseNetSpec.NORM_MOMENTUM))
                .putAttr("affine", bool(true))
                .putAttr("dataFormat", channelsFirst())
                .putAttr("runningMean", tensor(name + ".running_mean"))
                .putAttr("runningVar", tensor(name + ".running_var"))
                // BigDL's work space: each of its own, for it is written to.
                .putAttr("saveMean", tensor(shape, zeros))
                .putAttr("saveStd", tensor(shape, zeros));
        absent(module, DataType.TENSOR, INITIAL_TENSORS);
        return module.setHasParameters(true)
                .addParameters(tensors.add(shape, scale.values()))
                .addParameters(tensors.add(shape, named(name + ".bias").values()))
                .build();
    }

    /** Windows of 3x3 that begin at every second row and column, one row and column of padding around. */
    BigDLModule maxPooling(String name) {
        return pooling("SpatialMaxPooling", name, 3, 2, 1)
                .putAttr("ceil_mode", bool(false))
                .build();
    }

    /** Windows of 2x2 side by side. */
    BigDLModule averagePooling(String name) {
        return average(name, 2, false);
    }

    /** One window as large as the features. */
    BigDLModule globalPooling(String name) {
        return average(name, 1, true);
    }

    private BigDLModule average(String name, int size, boolean global) {
        return pooling("SpatialAveragePooling", name, size, size, 0)
                .putAttr("globalPooling", bool(global))
                .putAttr("ceilMode", bool(false))
                .putAttr("countIncludePad", bool(true))
                .putAttr("divide", bool(true))
                .build();
    }

    private BigDLModule.Builder pooling(String type, String name, int size, int stride, int padding) {
        return module(type, name)
                .putAttr("kW", integer(size))
                .putAttr("kH", integer(size))
                .putAttr("dW", integer(stride))
                .putAttr("dH", integer(stride))
                .putAttr("padW", integer(padding))
                .putAttr("padH", integer(padding))
                .putAttr("format", channelsFirst());
    }

    /** {@code [N, C, 1, 1]} to {@code [N, C]}. */
    BigDLModule flatten(String name, int channels) {
        AttrValue size = AttrValue.newBuilder()
                .setDataType(DataType.ARRAY_VALUE)
                .setArrayValue(ArrayValue.newBuilder()
                        .setSize(2)
                        .setDatatype(DataType.INT32)
                        .addAllI32(List.of(-1, channels)))
                .build();
        return module("InferReshape", name)
                .putAttr("size", size)
                .putAttr("batchMode", bool(false))
                .build();
    }

    BigDLModule linear(String name) {
        NamedTensor weight = named(name + ".weight");
        NamedTensor bias = named(name + ".bias");
        BigDLModule.Builder module = module("Linear", name)
                .putAttr("inputSize", integer(weight.shape().get(1)))
                .putAttr("outputSize", integer(weight.shape().get(0)))
                .putAttr("withBias", bool(true));
        absent(module, DataType.REGULARIZER, List.of("wRegularizer", "bRegularizer"));
        absent(module, DataType.TENSOR, INITIAL_TENSORS);
        return module.setHasParameters(true)
                .addParameters(tensors.add(weight.shape(), weight.values()))
                .addParameters(tensors.add(bias.shape(), bias.values()))
                .build();
    }

    BigDLModule logSoftMax(String name) {
        return module("LogSoftMax", name).build();
    }

    static AttrValue text(String value) {
        return AttrValue.newBuilder()
                .setDataType(DataType.STRING)
                .setStringValue(value)
                .build();
    }

    /** In evaluation mode: without "train". */
    private BigDLModule.Builder module(String type, String name) {
        return BigDLModule.newBuilder()
                .setModuleType(CLASSES + type)
                .setName(name)
                .setVersion(VERSION)
                .setId(tensors.nextId())
                .putAttr("module_tags", texts("Float"))
                .putAttr("module_numerics", texts("Float"));
    }

    private static void absent(BigDLModule.Builder module, DataType type, List<String> names) {
        names.forEach(name ->
                module.putAttr(name, AttrValue.newBuilder().setDataType(type).build()));
    }

    private AttrValue tensor(String name) {
        NamedTensor tensor = named(name);
        return tensor(tensor.shape(), tensor.values());
    }

    private AttrValue tensor(List<Integer> shape, float[] values) {
        return AttrValue.newBuilder()
                .setDataType(DataType.TENSOR)
                .setTensorValue(tensors.add(shape, values))
                .build();
    }

    private static AttrValue texts(String... values) {
        return AttrValue.newBuilder()
                .setDataType(DataType.ARRAY_VALUE)
                .setArrayValue(ArrayValue.newBuilder()
                        .setSize(values.length)
                        .setDatatype(DataType.STRING)
                        .addAllStr(Arrays.asList(values)))
                .build();
    }

    private static AttrValue integer(int value) {
        return AttrValue.newBuilder()
                .setDataType(DataType.INT32)
                .setInt32Value(value)
                .build();
    }

    private static AttrValue real(double value) {
        return AttrValue.newBuilder()
                .setDataType(DataType.DOUBLE)
                .setDoubleValue(value)
                .build();
    }

    private static AttrValue bool(boolean value) {
        return AttrValue.newBuilder()
                .setDataType(DataType.BOOL)
                .setBoolValue(value)
                .build();
    }

    private static AttrValue channelsFirst() {
        return AttrValue.newBuilder()
                .setDataType(DataType.DATA_FORMAT)
                .setDataFormatValue(InputDataFormat.NCHW)
                .build();
    }

    /** Whoever made this has asked for all tensors of the network. */
    private NamedTensor named(String name) {
        return Objects.requireNonNull(state.get(name), name);
    }
}
