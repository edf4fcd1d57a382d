package io.densespark.model.kernels;

import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The passes of a replica. Those that take a {@link Matrix} work on one worker's rows and may run on several workers at
 * once; the others merge what the workers found, in the order given, and run on one thread.
 *
 * <p>A worker goes through its rows in pieces ({@link io.densespark.model.plan.Tiling}): weight gradients and column sums
 * are therefore accumulated, everything else is overwritten unless stated. Outputs don't overlap inputs unless stated. A
 * call with zero rows or images is not allowed: the caller leaves it out. The same call on the same values gives the same
 * bits.
 */
public interface Kernels {
    /**
     * Makes passes that a caller runs again and again into one program. They read and write the same memory each time,
     * copy nothing from or to Java, and have the same numbers as arguments. The caller closes the program. Kernels that
     * record nothing are called anew at each run.
     */
    default Program record(Runnable passes) {
        return new CalledPasses(passes);
    }

    /**
     * Tells of the weights of convolutions, 1x1 ones too, with whose values passes multiply from here on; to be called again
     * once these have changed. They lie in one storage. Where maps aren't floats the weights are copied.
     */
    default void takeWeights(List<Vector> ofConvolutions) {}

    /**
     * Adds the rows of x {@code [m, c]} to the moments of each column: {@code into} holds those of {@code before} rows, or
     * anything if there are none. What it holds then is for {@link #mergeMoments} to read, and for nobody else.
     */
    void columnMoments(Matrix x, long before, Moments into);

    /** {@link #copy} and {@link #columnMoments} of the same rows. */
    default void copyWithMoments(Matrix source, Matrix target, long before, Moments into) {
        copy(source, target);
        columnMoments(source, before, into);
    }

    /**
     * Merges the workers' moments (Chan et al., "Updating formulae and a pairwise algorithm for computing sample
     * variances", 1979) and overwrites {@code into}. At least one part has rows; the rows are at least 2 in all.
     */
    void mergeMoments(List<Moments> parts, BatchStatistics into);

    /**
     * {@link #mergeMoments(List, BatchStatistics)} of columns that one norm alone reads, and {@link #trainingAffine} of that
     * norm.
     */
    default void mergeMoments(List<Moments> parts, BatchStatistics into, Norm norm, Affine affine) {
        mergeMoments(parts, into);
        trainingAffine(into, norm, affine);
    }

    /** {@link #updateRunningStatistics} and {@link #batchAffine}. */
    default void trainingAffine(BatchStatistics batch, Norm norm, Affine into) {
        updateRunningStatistics(batch, norm);
        batchAffine(batch, norm, into);
    }

    /** Moves a norm's running statistics towards the batch's: r ← (1 − momentum)·r + momentum·batch. */
    void updateRunningStatistics(BatchStatistics batch, Norm norm);

    /** Scale and shift of a norm under batch statistics; overwrites {@code into}. */
    void batchAffine(BatchStatistics batch, Norm norm, Affine into);

    /** Scale and shift of a norm under its running statistics (evaluation); overwrites {@code into}. */
    void runningAffine(Norm norm, Affine into);

    /** z = max(0, x·scale + shift) for x {@code [m, c]}; overwrites the contiguous z {@code [m, c]}. */
    void normalizeRelu(Matrix x, Affine affine, Matrix z);

    /** y = z·Wᵀ, a 1x1 convolution: z {@code [m, c]} contiguous, W {@code [o, c]}; overwrites y {@code [m, o]}. */
    void multiply(Matrix z, Vector weight, Matrix y);

    /**
     * The backward pass of {@link #multiply}: overwrites dz = dy·W {@code [m, c]} contiguous and accumulates dW += dyᵀ·z
     * {@code [o, c]}.
     */
    void multiplyBackward(Matrix dy, Matrix z, Vector weight, Matrix dz, Vector dWeight);

    /**
     * Convolves x {@code [N·H·W, inputs]} contiguous, and lends the result {@code [pixels of the output, outputs]},
     * contiguous memory of the library's that may be overwritten, to {@code y} during the call.
     */
    void convolve(Convolution convolution, Matrix x, Consumer<Matrix> y);

    /** dW of {@link #convolve} for a contiguous dy; accumulates into dWeight. */
    void convolutionWeightGradient(Convolution convolution, Matrix dy, Matrix x, Vector dWeight);

    /**
     * dx and dW of {@link #convolve} for a contiguous dy: accumulates into dWeight, then lends dx, contiguous memory of the
     * library's that may be overwritten, to {@code dx} during the call.
     */
    void convolutionBackward(Convolution convolution, Matrix dy, Matrix x, Vector dWeight, Consumer<Matrix> dx);

    /** 2x2 average pooling with stride 2 of z {@code [N·H·W, c]}; overwrites y {@code [N·(H/2)·(W/2), c]}. */
    void averagePool(Matrix z, int images, ImageShape image, Matrix y);

    /** The backward pass of {@link #averagePool}: overwrites dz {@code [N·H·W, c]}. */
    void averagePoolBackward(Matrix dy, int images, ImageShape image, Matrix dz);

    /** 3x3 maximum pooling with stride 2 and padding 1 of z {@code [N·H·W, c]}; overwrites y {@code [pixels, c]}. */
    void maxPool(Matrix z, int images, ImageShape image, Matrix y);

    /** The backward pass of {@link #maxPool}: overwrites dz {@code [N·H·W, c]}. */
    void maxPoolBackward(Matrix dy, Matrix z, int images, ImageShape image, Matrix dz);

    /**
     * Tells of each layer's dropout from here on, from the first image of the batch on, each with a key of its own. Passes that
     * are programs drop by what was told last.
     */
    default void takeDropouts(List<Dropout> ofLayers) {}

    /**
     * Multiplies each element of the contiguous x {@code [m, c]} by its {@link Dropout#multiplier}, row by row. Its key is one
     * of those that were {@linkplain #takeDropouts taken}.
     */
    void dropout(Matrix x, Dropout dropout);

    /** Mean over each image's pixels of z {@code [N·H·W, c]}; overwrites y {@code [N, c]}. */
    void globalAverage(Matrix z, int images, Matrix y);

    /** The backward pass of {@link #globalAverage}: overwrites dz {@code [N·H·W, c]}. */
    void globalAverageBackward(Matrix dy, int images, Matrix dz);

    /** Begins a worker's sums of {@link #reluBackwardAccumulate} and {@link #reluBackwardOverwrite}. */
    default void beginSums(ColumnSums sums) {
        zero(sums.plain());
        zero(sums.withNormalized());
    }

    /**
     * First half of the backward pass of normalize and ReLU for one consumer of a normalized matrix. With du = dz where z
     * is above 0 and x̂ = (x − μ)/σ: accumulates A += γ·du, and into {@code sums}, which only {@link #normGradients} reads,
     * Σ du and Σ du·x̂ over the rows.
     * Both dz and z {@code [m, c]} contiguous are destroyed. x and A {@code [m, c]} may be strided. In which order a row's columns
     * lie in an A of floats beside maps of bfloat16 is the kernels' own: only {@link #finishGradient} reads it.
     *
     * @param z what {@link #normalizeRelu} made of x under {@code affine}, so that whoever finds it cheaper may look at x
     */
    void reluBackwardAccumulate(
            Matrix dz,
            Matrix z,
            Matrix x,
            Affine affine,
            BatchStatistics batch,
            Vector scale,
            Matrix accumulated,
            ColumnSums sums);

    /** {@link #reluBackwardAccumulate} for the first consumer: overwrites A with γ·du. A may be dz itself. */
    void reluBackwardOverwrite(
            Matrix dz,
            Matrix z,
            Matrix x,
            Affine affine,
            BatchStatistics batch,
            Vector scale,
            Matrix accumulated,
            ColumnSums sums);

    /**
     * Adds up the workers' partial sums to dβ = Σ du and dγ = Σ du·x̂, overwriting the norm's gradients, and accumulates
     * s1 += γ·dβ, s2 += γ·dγ into {@code deferred}.
     */
    void normGradients(List<ColumnSums> parts, Norm norm, ColumnSums deferred);

    /** {@link #normGradients} of a norm whose columns no other norm has deferred sums of: overwrites them. */
    default void firstNormGradients(List<ColumnSums> parts, Norm norm, ColumnSums deferred) {
        zero(deferred.plain());
        zero(deferred.withNormalized());
        normGradients(parts, norm, deferred);
    }

    /**
     * Second half of the batch norm's backward pass, once a column for all its consumers: overwrites the contiguous dx =
     * (A − s1/m − x̂·s2/m)/σ, with {@code batchRows} the m of the whole replica. The sum over consumers is exact because
     * they share μ and σ (Ioffe and Szegedy, arXiv 1502.03167, section 3).
     */
    void finishGradient(
            Matrix accumulated, Matrix x, BatchStatistics batch, ColumnSums deferred, long batchRows, Matrix dx);

    /** Returns when all passes that were started are done: for those who take the time. */
    default void finish() {}

    /** Marks the passes that were started until now. */
    default Mark mark() {
        return ClockMark.now();
    }

    /**
     * The first element of {@code vector}, as the passes that were started until now leave it. Whoever asks waits for them,
     * not for later ones. Of a device two may be unread at a time, and each is read once.
     */
    default Supplier<Float> first(Vector vector) {
        float value = vector.slice(0, 1).toFloats()[0];
        return () -> value;
    }

    /**
     * The loss on the device, for at most so many images; empty where Java computes it. The caller closes it.
     *
     * @param batch most images of a batch
     */
    default Optional<DeviceLoss> deviceLoss(int batch) {
        return Optional.empty();
    }

    /** Copies source {@code [m, c]} to target {@code [m, c]}, of the same type; both may be strided. */
    void copy(Matrix source, Matrix target);

    /** Sets all elements to zero. */
    void zero(Vector vector);

    /** target += source, both {@code [n]}. */
    void add(Vector source, Vector target);

    /** vector ← vector·factor. */
    void scale(Vector vector, double factor);

    /**
     * One step of SGD with Nesterov momentum, in PyTorch's form: g ← g + decay·p, v ← momentum·v + g, p ← p − rate·(g +
     * momentum·v). Overwrites p and v; g {@code [n]} is destroyed.
     */
    void nesterovStep(Vector p, Vector g, Vector v, double rate, double momentum, double decay);
}
