package io.densespark.model.plan;

import java.util.List;
import java.util.Locale;

/** Every native buffer that a replica allocates, with its shape and bytes: a pure function of its settings. */
public final class MemoryPlan {
    private final List<PlannedBuffer> buffers;
    private final long libraryAllowance;
    private final long heapTiles;

    MemoryPlan(List<PlannedBuffer> buffers, long libraryAllowance, long heapTiles) {
        this.buffers = List.copyOf(buffers);
        this.libraryAllowance = libraryAllowance;
        this.heapTiles = heapTiles;
    }

    /**
     * Plans a replica.
     *
     * @throws BatchTooLargeException if one worker's slice of a batch is more than a buffer can hold
     */
    public static MemoryPlan of(ReplicaSettings settings) {
        return new MemoryPlanner(settings).plan();
    }

    /** All buffers, in the order in which they are allocated. */
    public List<PlannedBuffer> buffers() {
        return buffers;
    }

    /** Bytes of all buffers. */
    public long bufferBytes() {
        return buffers.stream().mapToLong(PlannedBuffer::bytes).sum();
    }

    /** Bytes that the library's own temporaries (convolution outputs and gradients) may take beside the buffers. */
    public long libraryAllowance() {
        return libraryAllowance;
    }

    /** Bytes of the Java heap in which the workers' passes work on a few rows at a time; none on a GPU. */
    public long heapTiles() {
        return heapTiles;
    }

    /** Bytes of buffers, allowance and heap tiles. */
    public long totalBytes() {
        return bufferBytes() + libraryAllowance + heapTiles;
    }

    /** A table for people: the largest buffers by name, the rest in one line, what isn't a buffer, the total. */
    public String describe() {
        StringBuilder table = new StringBuilder();
        long[] rest = {0};
        buffers.stream().sorted((a, b) -> Long.compare(b.bytes(), a.bytes())).forEachOrdered(buffer -> {
            if (buffer.bytes() * 50 >= bufferBytes()) {
                String shape = (buffer.copies() > 1 ? buffer.copies() + " x " : "") + buffer.shape();
                table.append(line(buffer.name(), shape, buffer.bytes()));
            } else {
                rest[0] += buffer.bytes();
            }
        });
        table.append(line("smaller buffers", "", rest[0]));
        table.append(line("library allowance", "", libraryAllowance));
        if (heapTiles > 0) {
            table.append(line("tiles on the Java heap", "", heapTiles));
        }
        table.append(line("total", "", totalBytes()));
        return table.toString();
    }

    private static String line(String name, String shape, long bytes) {
        return String.format(Locale.ROOT, "  %-40s %-22s %9.2f MB%n", name, shape, bytes / 1e6);
    }
}
