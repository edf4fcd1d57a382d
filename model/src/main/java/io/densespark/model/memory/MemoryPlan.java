package io.densespark.model.memory;

import io.densespark.model.ModelException;
import io.densespark.model.spec.DenseNetSpec;
import io.densespark.model.spec.ImageShape;
import io.densespark.model.spec.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

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
    public static final String BOTTLENECK_GRADIENT = "shared: gradient of bottleneck output";
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

    private MemoryPlan(List<PlannedBuffer> buffers, long libraryAllowance) {
        this.buffers = List.copyOf(buffers);
        this.libraryAllowance = libraryAllowance;
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
        return new Planner(settings).plan();
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

    /** Bytes of buffers and allowance. */
    public long totalBytes() {
        return bufferBytes() + libraryAllowance;
    }

    /** A table for people: the largest buffers by name, the rest in one line, the allowance, the total. */
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
        table.append(line("total", "", totalBytes()));
        return table.toString();
    }

    private static String line(String name, String shape, long bytes) {
        return String.format(Locale.ROOT, "  %-40s %-22s %9.2f MB%n", name, shape, bytes / 1e6);
    }

    private static final class Planner {
        private final ReplicaSettings settings;
        private final DenseNetSpec spec;
        private final ParameterLayout layout;
        private final List<PlannedBuffer> buffers = new ArrayList<>();

        Planner(ReplicaSettings settings) {
            this.settings = settings;
            this.spec = settings.spec();
            this.layout = ParameterLayout.of(spec);
        }

        MemoryPlan plan() {
            RecomputeLevel level = settings.level();
            if (rows(settings.image()) > Integer.MAX_VALUE) {
                throw tooLarge(rows(settings.image()) + " pixels", Integer.MAX_VALUE + " pixels");
            }
            once(PARAMETERS, ElementType.FLOAT, layout.parameterCount());
            perWorker(GRADIENTS, ElementType.FLOAT, layout.parameterCount());
            once(VELOCITY, ElementType.FLOAT, layout.parameterCount());
            once(RUNNING_STATISTICS, ElementType.FLOAT, layout.runningCount());
            perWorker(IMAGES, ElementType.FLOAT, rows(settings.image()), spec.inputChannels());
            for (int b = 0; b < spec.blocks().size(); b++) {
                planBlock(b, level);
            }
            perWorker(ACCUMULATED, ElementType.FLOAT, widest(b -> blockRows(b) * spec.blockOutputChannels(b)));
            long widestBottleneck = widest(b -> blockRows(b) * spec.bottleneckChannels());
            perWorker(BOTTLENECK_GRADIENT, ElementType.FLOAT, widestBottleneck);
            if (!level.keepsBottleneck()) {
                perWorker(BOTTLENECK, ElementType.FLOAT, widestBottleneck);
            }
            planPieces(level);
            perWorker(AVERAGED, ElementType.FLOAT, settings.largestSlice(), spec.outputChannels());
            perWorker(AVERAGED_GRADIENT, ElementType.FLOAT, settings.largestSlice(), spec.outputChannels());
            perWorker(LOGITS, ElementType.FLOAT, settings.largestSlice(), spec.classes());
            long columns = Math.max(widest(b -> spec.blockOutputChannels(b)), spec.bottleneckChannels());
            perWorker(PARTIAL_SUMS, ElementType.DOUBLE, 2, columns);
            once(COLUMN_SCRATCH, ElementType.FLOAT, 4, columns);
            once(DEFERRED_SUMS, ElementType.DOUBLE, 4, columns);
            return new MemoryPlan(buffers, libraryAllowance());
        }

        private void planPieces(RecomputeLevel level) {
            long activations = widest(b -> Math.max(
                    tileRows(b) * spec.layerInputChannels(b, spec.blocks().get(b) - 1),
                    Math.max(
                            chunkRows(b, spec.bottleneckChannels()) * spec.bottleneckChannels(),
                            chunkRows(b, spec.blockOutputChannels(b)) * spec.blockOutputChannels(b))));
            if (!level.keepsNormalized()) {
                perWorker(NORMALIZED, ElementType.FLOAT, activations);
            }
            perWorker(ACTIVATION_GRADIENT, ElementType.FLOAT, activations);
            long ofLayers = widest(b -> Math.max(
                    tileRows(b) * spec.bottleneckChannels(),
                    chunkRows(b, spec.bottleneckChannels()) * spec.growthRate()));
            long ofTransitions = widestTransition(b -> pooledChunkRows(b) * spec.blockInputChannels(b + 1));
            long ofStem = chunkRows(0, spec.stemChannels()) * spec.stemChannels();
            perWorker(OUTPUT, ElementType.FLOAT, Math.max(ofLayers, Math.max(ofTransitions, ofStem)));
            if (spec.blocks().size() > 1) {
                long pooled = widestTransition(b -> pooledChunkRows(b) * spec.blockOutputChannels(b));
                perWorker(POOLED, ElementType.FLOAT, pooled);
                perWorker(POOLED_GRADIENT, ElementType.FLOAT, pooled);
            }
        }

        private long tileRows(int b) {
            return Math.min(settings.tiling().rows(), blockRows(b));
        }

        /** Pixels of a chunk of block {@code b}'s images with that many channels. */
        private long chunkRows(int b, int columns) {
            ImageShape shape = spec.blockShape(settings.image(), b);
            return chunkImages(shape, columns) * shape.pixels();
        }

        /** Pixels behind the transition after block {@code b}, of a chunk of that block's features. */
        private long pooledChunkRows(int b) {
            ImageShape shape = spec.blockShape(settings.image(), b);
            return chunkImages(shape, spec.blockOutputChannels(b))
                    * shape.halved().pixels();
        }

        private long chunkImages(ImageShape shape, int columns) {
            return Math.min(settings.largestSlice(), settings.tiling().images(shape, columns));
        }

        private long widestTransition(IntToLongFunction ofBlockBefore) {
            return IntStream.range(0, spec.blocks().size() - 1)
                    .mapToLong(ofBlockBefore)
                    .max()
                    .orElse(0);
        }

        private void planBlock(int b, RecomputeLevel level) {
            perWorker(features(b), ElementType.FLOAT, blockRows(b), spec.blockOutputChannels(b));
            once(blockStatistics(b), ElementType.DOUBLE, 3, spec.blockOutputChannels(b));
            if (level.keepsNormalized()) {
                perWorker(blockNormalized(b), ElementType.FLOAT, blockRows(b), spec.blockOutputChannels(b));
            }
            for (int l = 0; l < spec.blocks().get(b); l++) {
                once(bottleneckStatistics(b, l), ElementType.DOUBLE, 3, spec.bottleneckChannels());
                if (level.keepsBottleneck()) {
                    perWorker(bottleneck(b, l), ElementType.FLOAT, blockRows(b), spec.bottleneckChannels());
                }
                if (level.keepsNormalized()) {
                    perWorker(normalized(b, l), ElementType.FLOAT, blockRows(b), spec.layerInputChannels(b, l));
                    perWorker(bottleneckNormalized(b, l), ElementType.FLOAT, blockRows(b), spec.bottleneckChannels());
                }
            }
        }

        /** A chunk's convolution: its output or its input's gradient, and the library's packed copy of each. */
        private long libraryAllowance() {
            long convolution = widest(
                    b -> chunkRows(b, spec.bottleneckChannels()) * (spec.growthRate() + spec.bottleneckChannels()));
            long stem = chunkRows(0, spec.stemChannels()) * (spec.stemChannels() + spec.inputChannels());
            return 2 * Math.max(convolution, stem) * settings.workers() * Float.BYTES;
        }

        private long widest(IntToLongFunction ofBlock) {
            return IntStream.range(0, spec.blocks().size())
                    .mapToLong(ofBlock)
                    .max()
                    .getAsLong();
        }

        private long blockRows(int b) {
            return rows(spec.blockShape(settings.image(), b));
        }

        private long rows(ImageShape shape) {
            return (long) settings.largestSlice() * shape.pixels();
        }

        private void once(String name, ElementType type, long... shape) {
            add(new PlannedBuffer(name, type, 1, boxed(shape)));
        }

        private void perWorker(String name, ElementType type, long... shape) {
            add(new PlannedBuffer(name, type, settings.workers(), boxed(shape)));
        }

        private void add(PlannedBuffer buffer) {
            if (settings.device().kind() == Device.Kind.CPU && buffer.bytesOfCopy() > LARGEST_CPU_BUFFER) {
                throw tooLarge(
                        buffer.bytesOfCopy() + " bytes of " + buffer.name() + " " + buffer.shape(),
                        LARGEST_CPU_BUFFER + " bytes");
            }
            buffers.add(buffer);
        }

        private ModelException tooLarge(String needed, String most) {
            return new ModelException("a batch of " + settings.batch() + " images of " + settings.image() + " over "
                    + settings.workers() + " workers needs " + needed + " for one worker, which can address " + most
                    + ": use a smaller --batch-size, more replicas, or more cores a replica (spark.task.cpus)");
        }

        private static List<Long> boxed(long... shape) {
            return Arrays.stream(shape).boxed().toList();
        }
    }
}
