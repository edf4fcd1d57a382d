package io.densespark.model.plan;

import io.densespark.model.tensor.Allocator;
import io.densespark.model.tensor.Storage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The buffers of a memory plan, allocated once and freed together. */
public final class ReplicaMemory implements AutoCloseable {
    private final Map<BufferId, List<Storage>> storages = new LinkedHashMap<>();

    private ReplicaMemory() {}

    /**
     * Allocates every buffer of {@code plan}, set to zero. The caller closes the result.
     *
     * @throws io.densespark.model.tensor.AllocationException if the device has too little memory; nothing stays allocated
     *     then
     */
    public static ReplicaMemory allocate(MemoryPlan plan, Allocator allocator) {
        ReplicaMemory memory = new ReplicaMemory();
        try {
            for (PlannedBuffer buffer : plan.buffers()) {
                List<Storage> copies = new ArrayList<>();
                memory.storages.put(buffer.id(), copies);
                for (int copy = 0; copy < buffer.copies(); copy++) {
                    copies.add(allocator.allocate(buffer.type(), buffer.elements()));
                }
            }
            return memory;
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /** The copies of a buffer of the plan, in the workers' order. */
    public List<Storage> copies(BufferId id) {
        List<Storage> copies = storages.get(id);
        if (copies == null) {
            throw new IllegalArgumentException("the plan has no buffer " + id);
        }
        return Collections.unmodifiableList(copies);
    }

    /** The buffer of a role of which the plan has one, and that in one copy. */
    public Storage get(BufferRole role) {
        return copies(role.id()).get(0);
    }

    /** Bytes of all buffers. */
    public long bytes() {
        return storages.values().stream()
                .flatMap(List::stream)
                .mapToLong(Storage::bytes)
                .sum();
    }

    @Override
    public void close() {
        storages.values().forEach(copies -> copies.forEach(Storage::close));
    }
}
