package io.densespark.model.libtorch;

import static io.densespark.model.libtorch.TensorStorage.pixelView;
import static io.densespark.model.libtorch.TensorStorage.view;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.Dropout;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Moments;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Each pass as a few ATen calls, on whichever device the memory lies: the reference for faster forms. */
final class AtenKernels implements Kernels {
    private static final long[] ROWS = {0};
    private static final long[] PIXELS = {1};

    private final Optional<RoundedWeights> rounded;

    /** For maps of floats. */
    AtenKernels() {
        rounded = Optional.empty();
    }

    /** For maps of bfloat16. Products of them take {@code rounded}, which stays the caller's; the other passes take floats only. */
    AtenKernels(RoundedWeights rounded) {
        this.rounded = Optional.of(rounded);
    }

    @Override
    public void takeWeights(List<Vector> ofConvolutions) {
        rounded.ifPresent(weights -> weights.take(ofConvolutions.get(0).storage()));
    }

    /** A weight in the numbers of what it is multiplied with. */
    private Vector weight(Vector weight, Matrix factor) {
        return factor.storage().type() == ElementType.BFLOAT16
                ? rounded.orElseThrow(() -> new IllegalStateException("these kernels take floats only"))
                        .of(weight)
                : weight;
    }

    private Convolution inNumbersOf(Matrix factor, Convolution c) {
        return new Convolution(
                c.images(), c.image(), c.inputs(), c.outputs(), c.kernel(), c.stride(), weight(c.weight(), factor));
    }

    @Override
    public void columnMoments(Matrix x, long before, Moments into) {
        try (PointerScope scope = new PointerScope()) {
            T_TensorTensor_T varianceAndMean = torch.var_mean(view(x), ROWS, false, false);
            Tensor mean = varianceAndMean.get1().to(torch.ScalarType.Double);
            Tensor squares = varianceAndMean.get0().to(torch.ScalarType.Double).mul_(new Scalar((double) x.rows()));
            merge(before, view(into.mean()), view(into.squares()), x.rows(), mean, squares);
        }
    }

    /** Adds the moments of {@code more} rows to those of {@code before} rows (Chan et al., 1979). */
    private static void merge(
            long before, Tensor mean, Tensor squares, long more, Tensor otherMean, Tensor otherSquares) {
        if (before == 0) {
            mean.copy_(otherMean);
            squares.copy_(otherSquares);
            return;
        }
        double share = (double) more / (before + more);
        Tensor delta = otherMean.sub(mean);
        mean.add_(delta, new Scalar(share));
        squares.add_(otherSquares);
        squares.addcmul_(delta, delta, new Scalar(before * share));
    }

    @Override
    public void mergeMoments(List<Moments> parts, BatchStatistics into) {
        try (PointerScope scope = new PointerScope()) {
            Tensor mean = view(into.mean());
            Tensor squares = view(into.unbiasedVariance());
            long rows = 0;
            for (Moments part : parts) {
                if (part.rows() > 0) {
                    merge(rows, mean, squares, part.rows(), view(part.mean()), view(part.squares()));
                }
                rows += part.rows();
            }
            view(into.inverseDeviation())
                    .copy_(squares.div(new Scalar((double) rows)))
                    .add_(new Scalar(DenseNetSpec.NORM_EPSILON))
                    .rsqrt_();
            squares.div_(new Scalar(rows - 1.0));
        }
    }

    @Override
    public void updateRunningStatistics(BatchStatistics batch, Norm norm) {
        try (PointerScope scope = new PointerScope()) {
            Scalar weight = new Scalar(DenseNetSpec.NORM_MOMENTUM);
            Scalar rest = new Scalar(1 - DenseNetSpec.NORM_MOMENTUM);
            view(norm.runningMean()).mul_(rest).add_(view(batch.mean()), weight);
            view(norm.runningVariance()).mul_(rest).add_(view(batch.unbiasedVariance()), weight);
        }
    }

    @Override
    public void batchAffine(BatchStatistics batch, Norm norm, Affine into) {
        try (PointerScope scope = new PointerScope()) {
            affine(view(batch.mean()), view(batch.inverseDeviation()), norm, into);
        }
    }

    @Override
    public void runningAffine(Norm norm, Affine into) {
        try (PointerScope scope = new PointerScope()) {
            Tensor mean = view(norm.runningMean()).to(torch.ScalarType.Double);
            Tensor variance = view(norm.runningVariance()).to(torch.ScalarType.Double);
            affine(mean, variance.add_(new Scalar(DenseNetSpec.NORM_EPSILON)).rsqrt_(), norm, into);
        }
    }

    private static void affine(Tensor mean, Tensor inverseDeviation, Norm norm, Affine into) {
        Tensor scale = inverseDeviation.mul(view(norm.scale()));
        view(into.shift()).copy_(view(norm.shift()).sub(mean.mul(scale)));
        view(into.scale()).copy_(scale);
    }

    @Override
    public void normalizeRelu(Matrix x, Affine affine, Matrix z) {
        try (PointerScope scope = new PointerScope()) {
            Tensor out = view(z);
            torch.addcmul_out(out, view(affine.shift()), view(x), view(affine.scale()));
            out.relu_();
        }
    }

    @Override
    public void multiply(Matrix z, Vector weight, Matrix y) {
        try (PointerScope scope = new PointerScope()) {
            torch.mm_out(view(y), view(z), view(weight(weight, z), y.columns()).t());
        }
    }

    @Override
    public void multiplyBackward(Matrix dy, Matrix z, Vector weight, Matrix dz, Vector dWeight) {
        try (PointerScope scope = new PointerScope()) {
            Tensor upstream = view(dy);
            torch.mm_out(view(dz), upstream, view(weight(weight, dy), dy.columns()));
            if (z.storage().type() == ElementType.FLOAT) {
                view(dWeight, dy.columns()).addmm_(upstream.t(), view(z));
            } else {
                // The library adds up in float, and rounds the sum of one piece.
                view(dWeight, dy.columns()).add_(upstream.t().mm(view(z)));
            }
        }
    }

    @Override
    public void convolve(Convolution c, Matrix x, Consumer<Matrix> y) {
        AtenImages.convolve(inNumbersOf(x, c), x, y);
    }

    @Override
    public void convolutionWeightGradient(Convolution c, Matrix dy, Matrix x, Vector dWeight) {
        AtenImages.convolutionWeightGradient(inNumbersOf(x, c), dy, x, dWeight);
    }

    @Override
    public void convolutionBackward(Convolution c, Matrix dy, Matrix x, Vector dWeight, Consumer<Matrix> dx) {
        AtenImages.convolutionBackward(inNumbersOf(x, c), dy, x, dWeight, dx);
    }

    @Override
    public void averagePool(Matrix z, int images, ImageShape image, Matrix y) {
        AtenImages.averagePool(z, images, image, y);
    }

    @Override
    public void averagePoolBackward(Matrix dy, int images, ImageShape image, Matrix dz) {
        AtenImages.averagePoolBackward(dy, images, image, dz);
    }

    @Override
    public void maxPool(Matrix z, int images, ImageShape image, Matrix y) {
        AtenImages.maxPool(z, images, image, y);
    }

    @Override
    public void maxPoolBackward(Matrix dy, Matrix z, int images, ImageShape image, Matrix dz) {
        AtenImages.maxPoolBackward(dy, z, images, image, dz);
    }

    @Override
    public void dropout(Matrix x, Dropout dropout) {
        try (PointerScope scope = new PointerScope()) {
            Tensor target = view(x);
            target.mul_(DropoutMask.of(dropout, x.rows(), x.columns(), target.device()));
        }
    }

    @Override
    public void globalAverage(Matrix z, int images, Matrix y) {
        try (PointerScope scope = new PointerScope()) {
            torch.mean_out(
                    view(y), pixelView(z, images), PIXELS, false, new ScalarTypeOptional(torch.ScalarType.Float));
        }
    }

    @Override
    public void globalAverageBackward(Matrix dy, int images, Matrix dz) {
        try (PointerScope scope = new PointerScope()) {
            double share = (double) images / dz.rows();
            pixelView(dz, images).copy_(view(dy).mul(new Scalar(share)).unsqueeze(1));
        }
    }

    @Override
    public void reluBackwardAccumulate(
            Matrix dz,
            Matrix z,
            Matrix x,
            Affine affine,
            BatchStatistics batch,
            Vector scale,
            Matrix accumulated,
            ColumnSums sums) {
        try (PointerScope scope = new PointerScope()) {
            Tensor du = reluBackward(dz, z, x, batch, sums);
            view(accumulated).addcmul_(du, view(scale));
        }
    }

    @Override
    public void reluBackwardOverwrite(
            Matrix dz,
            Matrix z,
            Matrix x,
            Affine affine,
            BatchStatistics batch,
            Vector scale,
            Matrix accumulated,
            ColumnSums sums) {
        try (PointerScope scope = new PointerScope()) {
            Tensor du = reluBackward(dz, z, x, batch, sums);
            torch.mul_out(view(accumulated), du, view(scale));
        }
    }

    private static Tensor reluBackward(Matrix dz, Matrix z, Matrix x, BatchStatistics batch, ColumnSums sums) {
        Tensor du = view(dz);
        Tensor activation = view(z);
        torch.threshold_backward_out(du, du, activation, new Scalar(0.0));
        view(sums.plain()).add_(du.sum(ROWS));
        torch.sub_out(activation, view(x), asFloat(view(batch.mean())));
        activation.mul_(du);
        view(sums.withNormalized()).addcmul_(activation.sum(ROWS), view(batch.inverseDeviation()));
        return du;
    }

    @Override
    public void normGradients(List<ColumnSums> parts, Norm norm, ColumnSums deferred) {
        try (PointerScope scope = new PointerScope()) {
            Tensor shift = view(parts.get(0).plain()).clone();
            Tensor scale = view(parts.get(0).withNormalized()).clone();
            for (ColumnSums part : parts.subList(1, parts.size())) {
                shift.add_(view(part.plain()));
                scale.add_(view(part.withNormalized()));
            }
            view(norm.shiftGradient()).copy_(shift);
            view(norm.scaleGradient()).copy_(scale);
            Tensor gamma = view(norm.scale());
            view(deferred.plain()).add_(shift.mul_(gamma));
            view(deferred.withNormalized()).add_(scale.mul_(gamma));
        }
    }

    @Override
    public void finishGradient(
            Matrix accumulated, Matrix x, BatchStatistics batch, ColumnSums deferred, long batchRows, Matrix dx) {
        try (PointerScope scope = new PointerScope()) {
            Tensor inverse = view(batch.inverseDeviation());
            Tensor constant = inverse.mul(view(deferred.plain())).div_(new Scalar(-(double) batchRows));
            Tensor slope =
                    inverse.mul(inverse).mul_(view(deferred.withNormalized())).div_(new Scalar(-(double) batchRows));
            Tensor out = view(dx);
            torch.sub_out(out, view(x), asFloat(view(batch.mean())));
            out.mul_(asFloat(slope)).add_(asFloat(constant));
            out.addcmul_(view(accumulated), asFloat(inverse));
        }
    }

    private static Tensor asFloat(Tensor vector) {
        return vector.to(torch.ScalarType.Float);
    }

    @Override
    public void copy(Matrix source, Matrix target) {
        try (PointerScope scope = new PointerScope()) {
            view(target).copy_(view(source));
        }
    }

    @Override
    public void zero(Vector vector) {
        try (PointerScope scope = new PointerScope()) {
            view(vector).zero_();
        }
    }

    @Override
    public void add(Vector source, Vector target) {
        try (PointerScope scope = new PointerScope()) {
            view(target).add_(view(source));
        }
    }

    @Override
    public void scale(Vector vector, double factor) {
        try (PointerScope scope = new PointerScope()) {
            view(vector).mul_(new Scalar(factor));
        }
    }

    @Override
    public void nesterovStep(Vector p, Vector g, Vector v, double rate, double momentum, double decay) {
        try (PointerScope scope = new PointerScope()) {
            Tensor gradient = view(g);
            Tensor velocity = view(v);
            gradient.add_(view(p), new Scalar(decay));
            velocity.mul_(new Scalar(momentum)).add_(gradient);
            gradient.add_(velocity, new Scalar(momentum));
            view(p).add_(gradient, new Scalar(-rate));
        }
    }
}
