package io.densespark.model.replica;

import io.densespark.model.tensor.Vector;
import java.util.List;

/**
 * What a layer multiplies with.
 *
 * @param value the parameter
 * @param gradients where each worker adds its part of its gradient: the first one in the replica's gradients, the others in scratch
 *     that is zero when a layer begins, and that the next layer takes once {@link Workspace#sumGradient} was called
 */
record Weight(Vector value, List<Vector> gradients) {
    /** Where worker {@code t} adds its part of the gradient. */
    Vector gradient(int t) {
        return gradients.get(t);
    }
}
