package io.densespark.model.replica;

import io.densespark.model.ModelException;
import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.ReplicaMemory;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Vector;
import java.util.ArrayList;
import java.util.List;

/**
 * A DenseNet in planned native memory that trains and evaluates. Used by one thread at a time, always the same one; it
 * runs its own workers. Owns all its native memory, and the vectors that it hands out are views of it: close it last.
 *
 * <p>A training step is {@link #forwardBackward}, a sum of {@link #gradients()} over the replicas, and an optimizer's
 * step.
 */
public final class Replica implements AutoCloseable {
    private static final float[] UNWEIGHTED = {};

    private final ReplicaSettings settings;
    private final ParameterLayout layout;
    private final Kernels kernels;
    private final ReplicaMemory memory;
    private final Workers workers;
    private final Workspace workspace;
    private final Programs programs;
    private final Stem stem;
    private final Head head;
    private final TrainingLoss loss;
    private final ForwardPass forward;
    private final TrainingPass passes;
    private final BatchCheck check;

    private Replica(ReplicaSettings settings, Backend backend, ReplicaMemory memory) {
        this.settings = settings;
        kernels = backend.kernels();
        this.memory = memory;
        layout = ParameterLayout.of(settings.spec());
        workers = new Workers(settings.workers(), backend);
        workspace = new Workspace(settings, layout, kernels, memory, workers);
        programs = new Programs(settings, kernels);
        List<DenseBlock> blocks = new ArrayList<>();
        List<Transition> transitions = new ArrayList<>();
        int count = settings.spec().blocks().size();
        for (int block = 0; block < count; block++) {
            blocks.add(new DenseBlock(workspace, block));
        }
        for (int block = 0; block + 1 < count; block++) {
            transitions.add(new Transition(workspace, block, blocks.get(block), blocks.get(block + 1)));
        }
        DenseBlock first = blocks.get(0);
        stem = settings.spec().stem().pools() ? new ImageNetStem(workspace, first) : new SmallStem(workspace, first);
        head = new Head(workspace, blocks.get(count - 1));
        loss = kernels.deviceLoss(settings.batch())
                .<TrainingLoss>map(onDevice -> new LossOnDevice(head, onDevice))
                .orElseGet(() -> new HeapLoss(head, settings.spec().classes()));
        check = new BatchCheck(settings, blocks.get(count - 1).shape);
        forward = new ForwardPass(kernels, memory, layout, stem, blocks, transitions, head);
        BackwardPass backward = new BackwardPass(workspace, layout, stem, blocks, transitions, head, loss);
        passes = new TrainingPass(workspace, programs, forward, backward, loss);
    }

    /**
     * Allocates a replica with all parameters and running statistics at zero; fill them with {@link
     * io.densespark.model.weights.HeInitializer} or {@link io.densespark.model.weights.StateDictionary}. The calling
     * thread is the one that may use it.
     *
     * @throws ModelException if a slice of the batch is too large for a worker ({@link
     *     io.densespark.model.plan.BatchTooLargeException}), or the device has too little memory ({@link
     *     io.densespark.model.tensor.AllocationException}); nothing stays allocated then
     */
    public static Replica create(ReplicaSettings settings, Backend backend) {
        backend.enterThread();
        return new Replica(settings, backend, ReplicaMemory.allocate(MemoryPlan.of(settings), backend));
    }

    public ReplicaSettings settings() {
        return settings;
    }

    public ParameterLayout layout() {
        return layout;
    }

    /** Bytes of native memory that this replica holds. */
    public long allocatedBytes() {
        return memory.bytes();
    }

    /** All parameters, in the order of {@link #layout()}. */
    public Vector parameters() {
        return flat(BufferRole.PARAMETERS, layout.parameterCount());
    }

    /** The gradient of each parameter, as the last {@link #forwardBackward} or a sum over replicas left it. */
    public Vector gradients() {
        return flat(BufferRole.GRADIENTS, layout.parameterCount());
    }

    /** The optimizer's velocity of each parameter. */
    public Vector velocity() {
        return flat(BufferRole.VELOCITY, layout.parameterCount());
    }

    /** All running statistics, in the order of {@link #layout()}. */
    public Vector runningStatistics() {
        return flat(BufferRole.RUNNING_STATISTICS, layout.runningCount());
    }

    private Vector flat(BufferRole role, long count) {
        return new Vector(memory.get(role), 0, Math.toIntExact(count));
    }

    /**
     * Forward and backward pass in training mode: moves the running statistics once and overwrites {@link #gradients()}
     * with the gradient of (sum of the losses of these images) / {@code globalImages}; it isn't a number where a loss isn't
     * finite. No images give zero gradients and leave the running statistics alone.
     *
     * @param pixels {@code [N, H, W, C]}, normalized; may be longer
     * @param labels {@code [N]}, each below the number of classes; may be longer
     * @param images N, at most the replica's batch
     * @param globalImages images of this step on all replicas
     * @param position decides what dropout drops
     * @throws UndefinedStatisticsException if a channel of the smallest feature map has only one value
     * @throws ModelException if the batch is too large or a label out of range
     */
    public BatchResult forwardBackward(
            float[] pixels, int[] labels, int images, int globalImages, BatchPosition position) {
        return begin(Pixels.of(pixels), labels, UNWEIGHTED, images, globalImages, position)
                .await()
                .result();
    }

    /**
     * Starts the same with each image's loss times its weight. On a device the passes go on when this returns, and what is
     * started next comes after them.
     *
     * @param weights {@code [N]}; may be longer
     */
    public StartedPass begin(
            Pixels pixels, int[] labels, float[] weights, int images, int globalImages, BatchPosition position) {
        if (images == 0) {
            return withoutImages();
        }
        load(pixels, labels, weights, images, globalImages, position);
        return passes.run(images);
    }

    /**
     * The same in parts, so that gradients can be summed over replicas while the pass goes on. On a device the passes of a part
     * may still run when {@code listener} hears of it, and those of the next part are started when it has returned.
     *
     * @param listener hears of each part of the gradients, in the same order and sizes on all replicas of a network; without
     *     images, too
     */
    public StartedPass begin(
            Pixels pixels,
            int[] labels,
            float[] weights,
            int images,
            int globalImages,
            BatchPosition position,
            GradientListener listener) {
        if (images == 0) {
            StartedPass none = withoutImages();
            passes.hearOfAll(listener);
            return none;
        }
        load(pixels, labels, weights, images, globalImages, position);
        return passes.run(images, listener);
    }

    /** Hears of gradients that are final before the backward pass is at its end. */
    @FunctionalInterface
    public interface GradientListener {
        /**
         * Called once for each part.
         *
         * @param part contiguous, of {@link #gradients()}: first the last layers', at last the stem's
         */
        void isFinal(Vector part);
    }

    private StartedPass withoutImages() {
        workspace.zeroGradients();
        return StartedPass.done(BatchResult.EMPTY, PassTimes.NONE);
    }

    /** All up to the forward pass. */
    private void load(
            Pixels pixels, int[] labels, float[] weights, int images, int globalImages, BatchPosition position) {
        check.pixels(pixels, images);
        check.labels(labels, images);
        check.statistics(images);
        workspace.beginTraining(images, position);
        workspace.clock.start();
        if (!workspace.dropouts.isNone()) {
            kernels.takeDropouts(workspace.dropouts.all(position));
        }
        stem.load(pixels);
        loss.begin(labels, weights, images, 1.0 / globalImages);
        workspace.zeroGradients();
    }

    /**
     * Forward pass in evaluation mode, with running statistics; changes nothing but scratch memory.
     *
     * @throws ModelException if the batch is too large or a label out of range
     */
    public BatchResult evaluate(float[] pixels, int[] labels, int images) {
        return evaluate(Pixels.of(pixels), labels, UNWEIGHTED, images);
    }

    /**
     * The same with each image's loss times its weight.
     *
     * @param weights {@code [N]}; may be longer
     */
    public BatchResult evaluate(Pixels pixels, int[] labels, float[] weights, int images) {
        if (images == 0) {
            return BatchResult.EMPTY;
        }
        check.labels(labels, images);
        return CrossEntropy.loss(
                logits(pixels, images), labels, weights, images, settings.spec().classes());
    }

    /** The outputs {@code [N, classes]}, row by row, in evaluation mode. */
    public float[] logits(float[] pixels, int images) {
        return logits(Pixels.of(pixels), images);
    }

    /** The same. */
    public float[] logits(Pixels pixels, int images) {
        check.pixels(pixels, images);
        workspace.beginEvaluation(images);
        stem.load(pixels);
        programs.evaluation(images, forward::run);
        return head.logits(images);
    }

    /** The outputs and what the classifier made them of, in evaluation mode; errors as {@link #evaluate}. */
    public Inference infer(float[] pixels, int images) {
        float[] logits = logits(pixels, images);
        return new Inference(logits, head.features(images));
    }

    /** One step of SGD with Nesterov momentum on all parameters; see {@link io.densespark.model.kernels.Kernels}. */
    public void nesterovStep(double rate, double momentum, double decay) {
        Vector parameters = parameters();
        Vector gradients = gradients();
        Vector velocity = velocity();
        workspace.share(
                parameters.length(),
                (first, count) -> kernels.nesterovStep(
                        parameters.slice(first, count),
                        gradients.slice(first, count),
                        velocity.slice(first, count),
                        rate,
                        momentum,
                        decay));
    }

    @Override
    public void close() {
        programs.close();
        loss.close();
        workers.close();
        memory.close();
    }
}
