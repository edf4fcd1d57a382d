package io.densespark.model.exchange.bigdl;

import com.intel.analytics.bigdl.serialization.Bigdl.AttrValue;
import com.intel.analytics.bigdl.serialization.Bigdl.BigDLTensor;
import com.intel.analytics.bigdl.serialization.Bigdl.DataType;
import com.intel.analytics.bigdl.serialization.Bigdl.NameAttrList;
import com.intel.analytics.bigdl.serialization.Bigdl.TensorStorage;
import java.util.List;

/**
 * The tensors of a model to be written. Modules refer to them by number; their values lie together in an attribute of the
 * outermost module. Not thread-safe.
 */
final class TensorTable {
    /** Name of the attribute with the values. */
    static final String ATTRIBUTE = "global_storage";

    private final NameAttrList.Builder tensors = NameAttrList.newBuilder().setName(ATTRIBUTE);
    private int lastId;

    /** A number that no other module, tensor or storage of the model has. */
    int nextId() {
        return ++lastId;
    }

    /** Adds a tensor of row-major values; what comes back refers to it. */
    BigDLTensor add(List<Integer> shape, float[] values) {
        TensorStorage.Builder storage =
                TensorStorage.newBuilder().setDatatype(DataType.FLOAT).setId(nextId());
        BigDLTensor.Builder tensor = BigDLTensor.newBuilder()
                .setDatatype(DataType.FLOAT)
                .addAllSize(shape)
                .setOffset(1)
                .setDimension(shape.size())
                .setNElements(values.length)
                .setId(nextId());
        int stride = values.length;
        for (int side : shape) {
            stride /= side;
            tensor.addStride(stride);
        }
        BigDLTensor reference = tensor.setStorage(storage).build();
        for (float value : values) {
            storage.addFloatData(value);
        }
        tensors.putAttr(
                Integer.toString(reference.getId()),
                AttrValue.newBuilder()
                        .setDataType(DataType.TENSOR)
                        .setTensorValue(tensor.setStorage(storage))
                        .build());
        return reference;
    }

    AttrValue toAttribute() {
        return AttrValue.newBuilder()
                .setDataType(DataType.NAME_ATTR_LIST)
                .setNameAttrListValue(tensors)
                .build();
    }
}
