package io.densespark.model.plan;

import io.densespark.model.tensor.Allocator;
import io.densespark.model.tensor.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The buffers of a memory plan, allocated once and freed together. */
public final class ReplicaMemory implements AutoCloseable {
    private final Map<String, List<Storage>> storages = new LinkedHashMap<>();

    private ReplicaMemory() {}

    /**
     * Allocates every buffer of {@code plan}, set to zero. The caller closes the result.
     *
     * @throws io.densespark.model.ModelException if the device has too little memory; nothing stays allocated then
     */
    public static ReplicaMemory allocate(MemoryPlan plan, Allocator allocator) {
        ReplicaMemory memory = new ReplicaMemory();
        try {
            for (PlannedBuffer buffer : plan.buffers()) {
                List<Storage> copies = new ArrayList<>();
                memory.storages.put(buffer.name(), copies);
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

    /** The buffer of that name, of which the plan has one. */
    public Storage get(String name) {
        return get(name, 0);
    }

    /** Worker {@code worker}'s copy of the buffer of that name. */
    public Storage get(String name, int worker) {
        List<Storage> copies = storages.get(name);
        if (copies == null) {
            throw new IllegalArgumentException("the plan has no buffer " + name);
        }
        return copies.get(worker);
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
