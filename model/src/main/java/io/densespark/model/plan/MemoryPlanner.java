package io.densespark.model.plan;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.tensor.ByteTable;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Works out what a replica allocates, buffer by buffer. */
final class MemoryPlanner {
    /** Of the three products of one 1x1 convolution in bfloat16, as measured for 24 to 306 channels to 48. */
    private static final long BYTES_OF_COMPILED = 1 << 20;

    private final ReplicaSettings settings;
    private final DenseNetSpec spec;
    private final ParameterLayout layout;
    private final RecomputeLevel level;
    private final ElementType maps;
    private final List<PlannedBuffer> buffers = new ArrayList<>();

    MemoryPlanner(ReplicaSettings settings) {
        this.settings = settings;
        this.spec = settings.spec();
        this.layout = ParameterLayout.of(spec);
        this.level = settings.level();
        this.maps = settings.precision().maps();
    }

    MemoryPlan plan() {
        if (rows(settings.image()) > Integer.MAX_VALUE) {
            throw new BatchTooLargeException(
                    settings, rows(settings.image()) + " pixels", Integer.MAX_VALUE + " pixels");
        }
        once(BufferRole.PARAMETERS, ElementType.FLOAT, layout.parameterCount());
        once(BufferRole.GRADIENTS, ElementType.FLOAT, layout.parameterCount());
        once(BufferRole.VELOCITY, ElementType.FLOAT, layout.parameterCount());
        once(BufferRole.RUNNING_STATISTICS, ElementType.FLOAT, layout.runningCount());
        perWorker(BufferRole.IMAGES, maps, rows(settings.image()), spec.inputChannels());
        planStem();
        for (int b = 0; b < spec.blocks().size(); b++) {
            planBlock(b);
        }
        planShared();
        planPieces();
        planHead();
        long columns = LongStream.of(
                        widest(b -> spec.blockOutputChannels(b)), spec.bottleneckChannels(), spec.stemChannels())
                .max()
                .getAsLong();
        perWorker(BufferRole.PARTIAL_SUMS, ElementType.DOUBLE, 2, columns);
        once(BufferRole.COLUMN_SCRATCH, ElementType.FLOAT, 4, columns);
        once(BufferRole.DEFERRED_SUMS, ElementType.DOUBLE, 4, columns);
        return new MemoryPlan(buffers, libraryAllowance(columns), heapTiles(columns));
    }

    private void planStem() {
        if (!spec.stem().pools()) {
            return;
        }
        once(BufferRole.STEM_STATISTICS, ElementType.DOUBLE, 3, spec.stemChannels());
        perWorker(BufferRole.STEM_OUTPUT, maps, rows(stemShape()), spec.stemChannels());
        ifKept(BufferRole.STEM_NORMALIZED.id(), rows(stemShape()), spec.stemChannels());
    }

    private void planBlock(int b) {
        perWorker(BufferRole.FEATURES.of(b), maps, blockRows(b), spec.blockOutputChannels(b));
        once(BufferRole.FEATURE_STATISTICS.of(b), ElementType.DOUBLE, 3, spec.blockOutputChannels(b));
        ifKept(BufferRole.NORMALIZED_FEATURES.of(b), blockRows(b), spec.blockOutputChannels(b));
        for (int l = 0; l < spec.blocks().get(b); l++) {
            ifKept(BufferRole.NORMALIZED_INPUT.of(b, l), blockRows(b), spec.layerInputChannels(b, l));
            if (spec.hasBottleneck()) {
                planBottleneck(b, l);
            }
        }
    }

    private void planBottleneck(int b, int l) {
        int middle = spec.bottleneckChannels();
        once(BufferRole.BOTTLENECK_STATISTICS.of(b, l), ElementType.DOUBLE, 3, middle);
        ifKept(BufferRole.BOTTLENECK_OUTPUT.of(b, l), blockRows(b), middle);
        ifKept(BufferRole.NORMALIZED_BOTTLENECK.of(b, l), blockRows(b), middle);
    }

    private void planShared() {
        perWorker(BufferRole.ACCUMULATED, ElementType.FLOAT, widest(b -> blockRows(b) * spec.blockOutputChannels(b)));
        long bottleneck = widest(b -> blockRows(b) * spec.bottleneckChannels());
        long gradient = Math.max(bottleneck, widestTransition(b -> blockRows(b + 1) * spec.blockInputChannels(b + 1)));
        if (spec.stem().pools()) {
            gradient = Math.max(gradient, rows(stemShape()) * spec.stemChannels());
        }
        if (gradient > 0) {
            perWorker(BufferRole.MAP_GRADIENT, maps, gradient);
        }
        if (spec.hasBottleneck() && !level.keeps(BufferRole.BOTTLENECK_OUTPUT)) {
            perWorker(BufferRole.SHARED_BOTTLENECK, maps, bottleneck);
        }
        int others = settings.workers() - 1;
        if (others > 0) {
            long largest = layout.weights().stream()
                    .mapToLong(Parameter::elements)
                    .max()
                    .getAsLong();
            add(new PlannedBuffer(BufferRole.WEIGHT_GRADIENT.id(), ElementType.FLOAT, others, List.of(largest)));
        }
    }

    private void planPieces() {
        long activations = Math.max(ofLayers(this::activations), chunkElements(stemShape(), spec.stemChannels()));
        if (!level.keeps(BufferRole.NORMALIZED_INPUT)) {
            perWorker(BufferRole.NORMALIZED_PIECE, maps, activations);
        }
        perWorker(BufferRole.ACTIVATION_GRADIENT_PIECE, maps, activations);
        long ofTransitions = widestTransition(b -> pooledChunkRows(b) * spec.blockInputChannels(b + 1));
        long ofStem = chunkElements(stemShape(), spec.stemChannels());
        long outputs = LongStream.of(ofLayers(this::outputs), ofTransitions, ofStem)
                .max()
                .getAsLong();
        perWorker(BufferRole.OUTPUT_PIECE, maps, outputs);
        if (spec.blocks().size() > 1) {
            long pooled = widestTransition(b -> pooledChunkRows(b) * spec.blockOutputChannels(b));
            perWorker(BufferRole.POOLED_GRADIENT_PIECE, maps, pooled);
        }
    }

    /** The largest normalized piece of a layer, or of what reads its block behind it. */
    private long activations(int b, int l) {
        int inputs = spec.layerInputChannels(b, l);
        long behind = chunkElements(blockShape(b), spec.blockOutputChannels(b));
        return spec.hasBottleneck()
                ? LongStream.of(tileRows(b) * inputs, chunkElements(blockShape(b), spec.bottleneckChannels()), behind)
                        .max()
                        .getAsLong()
                : Math.max(chunkElements(blockShape(b), inputs), behind);
    }

    /** The largest piece of the gradient of a layer's convolutions' outputs. */
    private long outputs(int b, int l) {
        return spec.hasBottleneck()
                ? Math.max(
                        tileRows(b) * spec.bottleneckChannels(),
                        chunkRows(blockShape(b), spec.bottleneckChannels()) * spec.growthRate())
                : chunkRows(blockShape(b), spec.layerInputChannels(b, l)) * spec.growthRate();
    }

    private void planHead() {
        perWorker(BufferRole.AVERAGED, ElementType.FLOAT, settings.largestSlice(), spec.outputChannels());
        perWorker(BufferRole.AVERAGED_GRADIENT, ElementType.FLOAT, settings.largestSlice(), spec.outputChannels());
        perWorker(BufferRole.LOGITS, ElementType.FLOAT, settings.largestSlice(), spec.classes());
    }

    private long libraryAllowance(long columns) {
        return settings.device().kind() == Device.Kind.CPU
                ? packedCopies() + roundedParameters() + compiledProducts()
                : gpuScratch(columns);
    }

    /** See {@link GpuScratch}: what convolutions lend, move and work in, strips of sums, pixels that travel, the loss. */
    private long gpuScratch(long columns) {
        long stemPixels = rows(stemShape());
        long pooled = spec.stem().pools() ? blockRows(0) * spec.stemChannels() : 0;
        long lent =
                Math.max(ofLayers((b, l) -> blockRows(b) * convolvedChannels(b, l)), stemPixels * spec.stemChannels());
        long moved = ofLayers((b, l) -> GpuScratch.movedElements(blockRows(b), spec.growthRate()));
        long images = rows(settings.image()) * spec.inputChannels();
        long workspace = Math.max(
                ofLayers((b, l) -> GpuScratch.convolutionWorkspace(
                        blockRows(b) * convolvedInputs(b, l), blockRows(b) * spec.growthRate(), maps)),
                GpuScratch.convolutionWorkspace(images, stemPixels * spec.stemChannels(), maps));
        long strips = (long) GpuScratch.MOST_STRIPS * GpuScratch.SUMS_OF_COLUMN * columns * Double.BYTES;
        long asBytes = images + (long) ByteTable.VALUES * spec.inputChannels() * Float.BYTES;
        long asFloats = Math.max(images, Math.min(Vector.PART, layout.parameterCount())) * Float.BYTES;
        long loss = (long) settings.batch() * 2 * (Float.BYTES + Double.BYTES) + 3 * Double.BYTES;
        long dropouts = spec.dropout() == 0
                ? 0
                : 2L * Long.BYTES * spec.blocks().stream().mapToInt(i -> i).sum();
        return (lent + moved) * maps.bytes()
                + Math.max(asBytes, asFloats)
                + roundedWeights()
                + workspace
                + Math.max(strips, pooled)
                + loss
                + dropouts
                + GpuScratch.PRODUCT_WORKSPACE;
    }

    /** Where maps aren't floats: a copy of the weights in the maps' numbers, its table, and the largest weight's gradient. */
    private long roundedWeights() {
        if (maps == ElementType.FLOAT) {
            return 0;
        }
        long copied = 0;
        long largest = 0;
        for (Parameter weight : layout.convolutions()) {
            copied += GpuScratch.weightGroups(weight.elements())
                    * (GpuScratch.ALIGNED_WEIGHTS * maps.bytes() + Integer.BYTES);
            largest = Math.max(largest, weight.elements());
        }
        return copied + largest * maps.bytes();
    }

    /** Where a CPU's maps aren't floats: a copy of all parameters in the maps' numbers. */
    private long roundedParameters() {
        return maps == ElementType.FLOAT ? 0 : layout.parameterCount() * maps.bytes();
    }

    /** Where a CPU's maps aren't floats: the library compiles each 1x1 convolution's three products, and keeps what it made. */
    private long compiledProducts() {
        if (maps == ElementType.FLOAT) {
            return 0;
        }
        int layers = spec.blocks().stream().mapToInt(i -> i).sum();
        int transitions = spec.blocks().size() - 1;
        return BYTES_OF_COMPILED * ((spec.hasBottleneck() ? layers : 0) + transitions);
    }

    private long convolvedChannels(int b, int l) {
        return Math.max(convolvedInputs(b, l), spec.growthRate());
    }

    private int convolvedInputs(int b, int l) {
        return spec.hasBottleneck() ? spec.bottleneckChannels() : spec.layerInputChannels(b, l);
    }

    /** A chunk's convolution: its output or its input's gradient, and the library's packed copy of each. */
    private long packedCopies() {
        long stem = chunkRows(stemShape(), spec.stemChannels()) * (spec.stemChannels() + spec.inputChannels());
        return 2 * Math.max(ofLayers(this::convolved), stem) * settings.workers() * maps.bytes();
    }

    private long convolved(int b, int l) {
        int inputs = convolvedInputs(b, l);
        return chunkRows(blockShape(b), inputs) * (spec.growthRate() + inputs);
    }

    private long heapTiles(long columns) {
        return settings.device().kind() == Device.Kind.CPU
                ? settings.workers() * HeapTile.bytesOfWorker(Math.toIntExact(columns), maps)
                : 0;
    }

    private ImageShape stemShape() {
        return spec.stemShape(settings.image());
    }

    private ImageShape blockShape(int b) {
        return spec.blockShape(settings.image(), b);
    }

    private long tileRows(int b) {
        return Math.min(settings.tiling().rows(), blockRows(b));
    }

    private long chunkElements(ImageShape shape, int columns) {
        return chunkRows(shape, columns) * columns;
    }

    private long chunkRows(ImageShape shape, int columns) {
        return chunkImages(shape, columns) * shape.pixels();
    }

    /** Pixels behind the transition after block {@code b}, of a chunk of that block's features. */
    private long pooledChunkRows(int b) {
        return chunkImages(blockShape(b), spec.blockOutputChannels(b))
                * blockShape(b).halved().pixels();
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

    private long widest(IntToLongFunction ofBlock) {
        return IntStream.range(0, spec.blocks().size()).mapToLong(ofBlock).max().getAsLong();
    }

    private long ofLayers(OfLayer size) {
        return widest(b -> IntStream.range(0, spec.blocks().get(b))
                .mapToLong(l -> size.of(b, l))
                .max()
                .getAsLong());
    }

    private interface OfLayer {
        long of(int block, int layer);
    }

    private long blockRows(int b) {
        return rows(blockShape(b));
    }

    private long rows(ImageShape shape) {
        return (long) settings.largestSlice() * shape.pixels();
    }

    private void once(BufferRole role, ElementType type, long... shape) {
        once(role.id(), type, shape);
    }

    private void once(BufferId id, ElementType type, long... shape) {
        add(new PlannedBuffer(id, type, 1, boxed(shape)));
    }

    private void perWorker(BufferRole role, ElementType type, long... shape) {
        perWorker(role.id(), type, shape);
    }

    private void perWorker(BufferId id, ElementType type, long... shape) {
        add(new PlannedBuffer(id, type, settings.workers(), boxed(shape)));
    }

    /** For maps that each worker keeps for the backward pass, if the level keeps them. */
    private void ifKept(BufferId id, long rows, long columns) {
        if (level.keeps(id.role())) {
            perWorker(id, maps, rows, columns);
        }
    }

    private void add(PlannedBuffer buffer) {
        if (settings.device().kind() == Device.Kind.CPU && buffer.bytesOfCopy() > Storage.LARGEST_JAVA_BUFFER) {
            throw new BatchTooLargeException(
                    settings,
                    buffer.bytesOfCopy() + " bytes of " + buffer.name() + " " + buffer.shape(),
                    Storage.LARGEST_JAVA_BUFFER + " bytes");
        }
        buffers.add(buffer);
    }

    private static List<Long> boxed(long... shape) {
        return Arrays.stream(shape).boxed().toList();
    }
}
