package io.densespark.model.libtorch;

import static io.densespark.model.libtorch.TensorStorage.view;

import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/** A network's parameters in bfloat16, for products with such maps: a copy, made anew for each pass. */
final class RoundedWeights implements AutoCloseable {
    /** Null before the first pass, as is its copy. */
    private @Nullable Storage source;

    private @Nullable TensorStorage copy;

    /** Rounds the parameters as they are now, for products from here on; not while others run. */
    void take(Storage parameters) {
        TensorStorage target = copy;
        if (target == null || source != parameters) {
            close();
            target = TensorStorage.allocate(ElementType.BFLOAT16, parameters.elements());
            copy = target;
            source = parameters;
        }
        int elements = Math.toIntExact(parameters.elements());
        try (PointerScope scope = new PointerScope()) {
            view(new Vector(target, 0, elements)).copy_(view(new Vector(parameters, 0, elements)));
        }
    }

    /** A weight among the parameters that were {@linkplain #take taken}. */
    Vector of(Vector weight) {
        if (copy == null || weight.storage() != source) {
            throw new IllegalStateException("a weight that was not rounded");
        }
        return new Vector(copy, weight.offset(), weight.length());
    }

    @Override
    public void close() {
        if (copy != null) {
            copy.close();
            copy = null;
            source = null;
        }
    }
}
