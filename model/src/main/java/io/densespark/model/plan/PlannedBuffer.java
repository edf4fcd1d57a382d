package io.densespark.model.plan;

import io.densespark.model.tensor.ElementType;
import java.util.List;

/**
 * One line of a memory plan.
 *
 * @param id what it holds, unique within the plan
 * @param type its elements
 * @param copies how many there are: one a worker, or a worker but the first, or one in all
 * @param shape shape of one copy
 */
public record PlannedBuffer(BufferId id, ElementType type, int copies, List<Long> shape) {
    public PlannedBuffer {
        shape = List.copyOf(shape);
    }

    /** The name for people. */
    public String name() {
        return id.toString();
    }

    /** Elements of one copy. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Bytes of one copy. */
    public long bytesOfCopy() {
        return Math.multiplyExact(elements(), (long) type.bytes());
    }

    /** Bytes of all copies. */
    public long bytes() {
        return Math.multiplyExact(bytesOfCopy(), (long) copies);
    }
}
