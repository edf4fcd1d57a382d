package io.densespark.model.exchange.bigdl;

import com.intel.analytics.bigdl.serialization.Bigdl.AttrValue;
import com.intel.analytics.bigdl.serialization.Bigdl.BigDLModule;
import com.intel.analytics.bigdl.serialization.Bigdl.BigDLTensor;
import com.intel.analytics.bigdl.serialization.Bigdl.TensorStorage;
import com.intel.analytics.bigdl.serialization.Bigdl.TensorType;
import io.densespark.model.ModelException;
import io.densespark.model.weights.NamedTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of a model's tensors. A tensor is a window of a storage, which it may share with others: BigDL's optimizers
 * put all weights into one.
 */
final class TensorReader {
    private final Map<Integer, TensorStorage> storages = new HashMap<>();
    private final String source;

    /** @param source what to name in an error */
    TensorReader(BigDLModule model, String source) {
        this.source = source;
        AttrValue table = model.getAttrOrDefault(TensorTable.ATTRIBUTE, AttrValue.getDefaultInstance());
        for (AttrValue entry : table.getNameAttrListValue().getAttrMap().values()) {
            TensorStorage storage = entry.getTensorValue().getStorage();
            if (storage.getFloatDataCount() + storage.getDoubleDataCount() > 0) {
                storages.put(storage.getId(), storage);
            }
        }
    }

    /**
     * Reads one tensor as floats.
     *
     * @param path names its module in errors
     * @throws ModelException if its values are elsewhere or of another type
     */
    NamedTensor read(BigDLTensor tensor, String path) {
        List<Integer> shape = List.copyOf(tensor.getSizeList());
        TensorStorage storage = storages.get(tensor.getStorage().getId());
        if (storage == null) {
            throw new ModelException(source + " has no values for a tensor of shape " + shape + " of module " + path
                    + ": save the model with its weights in the same file");
        }
        if (shape.isEmpty() || shape.stream().anyMatch(side -> side < 1) || tensor.getStrideCount() != shape.size()) {
            throw new ModelException(source + ": module " + path + " has a tensor of shape " + shape + " and strides "
                    + tensor.getStrideList() + "; the file is damaged, save the model again");
        }
        int available = Math.max(storage.getFloatDataCount(), storage.getDoubleDataCount());
        int elements = elements(shape, available);
        int from = tensor.getOffset() - 1;
        if (tensor.getTensorType() != TensorType.DENSE || from < 0 || elements > available - from) {
            throw new ModelException(source + ": a tensor of shape " + shape + " of module " + path
                    + " is quantized or reaches beyond its values; save the model again, as float");
        }
        requireRowMajor(tensor, shape, path);
        float[] values = new float[elements];
        boolean isFloat = storage.getFloatDataCount() > 0;
        for (int i = 0; i < elements; i++) {
            values[i] = isFloat ? storage.getFloatData(from + i) : (float) storage.getDoubleData(from + i);
        }
        return new NamedTensor(shape, values);
    }

    /** The product of {@code shape}, or more than {@code most} if it is. */
    private static int elements(List<Integer> shape, int most) {
        long elements = 1;
        for (int side : shape) {
            elements *= side;
            if (elements > most) {
                return Integer.MAX_VALUE;
            }
        }
        return (int) elements;
    }

    private void requireRowMajor(BigDLTensor tensor, List<Integer> shape, String path) {
        List<Integer> strides = new ArrayList<>();
        int stride = 1;
        for (int i = shape.size() - 1; i >= 0; i--) {
            strides.add(0, stride);
            stride *= shape.get(i);
        }
        for (int i = 0; i < shape.size(); i++) {
            // The stride of an axis of length one is never used.
            if (shape.get(i) > 1
                    && !strides.get(i).equals(tensor.getStrideList().get(i))) {
                throw new ModelException(source + ": a tensor of shape " + shape + " of module " + path
                        + " has strides " + tensor.getStrideList() + "; make it contiguous and save the model again");
            }
        }
    }
}
