package io.densespark.benchmark.profile;

import io.densespark.model.plan.BufferId;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Storage;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;

/**
 * Which part of a network a kernel works for, by the buffers that its matrices lie in. Shared buffers and what the
 * library lends belong to no part: a thread that works on them is still at the part where it was.
 */
final class NetworkParts {
    static final String STEM = "stem";

    private static final String HEAD = "head";

    private final IdentityHashMap<Storage, String> parts = new IdentityHashMap<>();
    private final Iterator<String> next;

    /** @param plan of the replica, which allocates its buffers in the plan's order */
    NetworkParts(MemoryPlan plan) {
        next = plan.buffers().stream()
                .flatMap(buffer -> Collections.nCopies(buffer.copies(), part(buffer.id())).stream())
                .iterator();
    }

    /** To be called for each storage that the replica allocates, before its workers begin. */
    void allocated(Storage storage) {
        parts.put(storage, next.next());
    }

    /** The part of the first argument that tells one, or else {@code before}. */
    String of(Object[] arguments, String before) {
        for (Object argument : arguments) {
            if (argument instanceof Matrix matrix) {
                String part = parts.getOrDefault(matrix.storage(), "");
                if (!part.isEmpty()) {
                    return part;
                }
            }
        }
        return before;
    }

    private static String part(BufferId buffer) {
        return switch (buffer.role().part()) {
            case STEM -> STEM;
            case BLOCK -> "block " + (buffer.block() + 1);
            case HEAD -> HEAD;
            case WEIGHTS, SHARED -> "";
        };
    }
}
