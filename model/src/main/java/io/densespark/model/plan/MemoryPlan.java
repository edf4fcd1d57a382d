package io.densespark.model.plan;

import io.densespark.model.ModelException;
import java.util.List;
import java.util.Locale;

/**
 * Every native buffer that a replica allocates, by name, with its shape and bytes: a pure function of its settings.
 *
 * <p>The shared allocations of arXiv 1707.06990, as large as their largest user and used by one layer after the other,
 * are of two kinds. Those called shared hold a whole slice of a batch: they live from one meeting of the workers to the
 * next. Those called pieces hold one tile or chunk ({@link Tiling}): they live between two passes of one worker.
 */
public final class MemoryPlan {
    public static final String PARAMETERS = "parameters";
    public static final String GRADIENTS = "gradients";
    public static final String VELOCITY = "velocity";
    public static final String RUNNING_STATISTICS = "running statistics";
    public static final String IMAGES = "images";
    public static final String ACCUMULATED = "shared: accumulated feature gradients";
    public static final String BOTTLENECK = "shared: bottleneck output";
    public static final String MAP_GRADIENT = "shared: gradient of a whole map";
    public static final String STEM_OUTPUT = "stem: convolution's output";
    public static final String STEM_NORMALIZED = "stem: normalized activations";
    public static final String STEM_STATISTICS = "stem: batch statistics";
    public static final String NORMALIZED = "piece: normalized activations";
    public static final String ACTIVATION_GRADIENT = "piece: gradient of activations";
    public static final String OUTPUT = "piece: a convolution's output or its gradient";
    public static final String POOLED = "piece: pooled activations";
    public static final String POOLED_GRADIENT = "piece: gradient of pooled activations";
    public static final String AVERAGED = "averaged activations";
    public static final String AVERAGED_GRADIENT = "gradient of averaged activations";
    public static final String LOGITS = "logits";
    public static final String PARTIAL_SUMS = "partial sums of a worker";
    public static final String COLUMN_SCRATCH = "scale and shift";
    public static final String DEFERRED_SUMS = "deferred sums";

    /** The most bytes of one buffer on CPU: what a Java buffer reaches. */
    public static final long LARGEST_CPU_BUFFER = Integer.MAX_VALUE;

    private final List<PlannedBuffer> buffers;
    private final long libraryAllowance;
    private final long heapTiles;

    MemoryPlan(List<PlannedBuffer> buffers, long libraryAllowance, long heapTiles) {
        this.buffers = List.copyOf(buffers);
        this.libraryAllowance = libraryAllowance;
        this.heapTiles = heapTiles;
    }

    public static String features(int block) {
        return "block " + (block + 1) + ": features";
    }

    public static String blockStatistics(int block) {
        return "block " + (block + 1) + ": batch statistics";
    }

    public static String bottleneck(int block, int layer) {
        return layer(block, layer) + "bottleneck output";
    }

    public static String bottleneckStatistics(int block, int layer) {
        return layer(block, layer) + "batch statistics";
    }

    public static String normalized(int block, int layer) {
        return layer(block, layer) + "normalized activations";
    }

    public static String bottleneckNormalized(int block, int layer) {
        return layer(block, layer) + "normalized bottleneck";
    }

    public static String blockNormalized(int block) {
        return "block " + (block + 1) + ": normalized features";
    }

    private static String layer(int block, int layer) {
        return "block " + (block + 1) + ", layer " + (layer + 1) + ": ";
    }

    /**
     * Plans a replica.
     *
     * @throws ModelException if one worker's slice of a batch is more than a buffer can hold
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
        table.append(line("tiles on the Java heap", "", heapTiles));
        table.append(line("total", "", totalBytes()));
        return table.toString();
    }

    private static String line(String name, String shape, long bytes) {
        return String.format(Locale.ROOT, "  %-40s %-22s %9.2f MB%n", name, shape, bytes / 1e6);
    }
}
