package io.densespark.model.replica;

import io.densespark.model.tensor.Vector;
import java.util.List;

/**
 * A parameter of a layer.
 *
 * @param value the parameter
 * @param gradients where each worker adds its part of its gradient
 */
record Weight(Vector value, List<Vector> gradients) {
    /** Where worker {@code t} adds its part of the gradient. */
    Vector gradient(int t) {
        return gradients.get(t);
    }
}
