package io.densespark.model.libtorch;

import static io.densespark.model.libtorch.TensorStorage.imageView;
import static io.densespark.model.libtorch.TensorStorage.weightView;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The passes of {@link AtenKernels} that look at pixels' neighbours: convolutions and poolings. */
final class AtenImages {
    private static final long[] ONE = {1, 1};
    private static final long[] NONE = {0, 0};
    private static final long[] TWO = {2, 2};
    private static final long[] THREE = {3, 3};

    private AtenImages() {}

    static void convolve(Convolution c, Matrix x, Consumer<Matrix> y) {
        try (PointerScope scope = new PointerScope()) {
            long[] padding = {c.padding(), c.padding()};
            Tensor result = torch.convolution(
                    imageView(x, c.images(), c.image()),
                    weightView(c.weight(), c.outputs(), c.inputs(), c.kernel()),
                    new TensorOptional(),
                    new long[] {c.stride(), c.stride()},
                    padding,
                    ONE,
                    false,
                    NONE,
                    1);
            y.accept(lend(result, c.images() * c.output().pixels(), c.outputs(), x));
        }
    }

    static void convolutionWeightGradient(Convolution c, Matrix dy, Matrix x, Vector dWeight) {
        try (PointerScope scope = new PointerScope()) {
            T_TensorTensorTensor_T gradients = convolutionGradients(c, dy, x, false);
            weightView(dWeight, c.outputs(), c.inputs(), c.kernel()).add_(gradients.get1());
        }
    }

    static void convolutionBackward(Convolution c, Matrix dy, Matrix x, Vector dWeight, Consumer<Matrix> dx) {
        try (PointerScope scope = new PointerScope()) {
            T_TensorTensorTensor_T gradients = convolutionGradients(c, dy, x, true);
            weightView(dWeight, c.outputs(), c.inputs(), c.kernel()).add_(gradients.get1());
            dx.accept(lend(gradients.get0(), x.rows(), c.inputs(), x));
        }
    }

    /** A channels-last tensor of the library's, of the numbers of {@code like}, as rows; it lives as long as the caller's scope. */
    private static Matrix lend(Tensor images, int rows, int columns, Matrix like) {
        return Matrix.contiguous(
                TensorStorage.borrow(
                        images.contiguous(torch.MemoryFormat.ChannelsLast),
                        like.storage().type()),
                rows,
                columns);
    }

    private static T_TensorTensorTensor_T convolutionGradients(Convolution c, Matrix dy, Matrix x, boolean ofInput) {
        BoolPointer wanted = new BoolPointer(3);
        wanted.put(0, ofInput).put(1, true).put(2, false);
        long[] padding = {c.padding(), c.padding()};
        return torch.convolution_backward(
                imageView(dy, c.images(), c.output()),
                imageView(x, c.images(), c.image()),
                weightView(c.weight(), c.outputs(), c.inputs(), c.kernel()),
                new LongArrayRefOptional(),
                new long[] {c.stride(), c.stride()},
                padding,
                ONE,
                false,
                NONE,
                1,
                wanted);
    }

    static void averagePool(Matrix z, int images, ImageShape image, Matrix y) {
        try (PointerScope scope = new PointerScope()) {
            Tensor out = imageView(y, images, image.halved());
            torch.avg_pool2d_out(out, imageView(z, images, image), TWO, TWO, NONE, false, true, new LongOptional());
        }
    }

    static void averagePoolBackward(Matrix dy, int images, ImageShape image, Matrix dz) {
        try (PointerScope scope = new PointerScope()) {
            Tensor out = imageView(dz, images, image);
            Tensor upstream = imageView(dy, images, image.halved());
            // The values of the pooled input don't matter to the gradient, its shape does.
            torch.avg_pool2d_backward_out(out, upstream, out, TWO, TWO, NONE, false, true, new LongOptional());
        }
    }

    static void maxPool(Matrix z, int images, ImageShape image, Matrix y) {
        try (PointerScope scope = new PointerScope()) {
            Tensor pooled = torch.max_pool2d(imageView(z, images, image), THREE, TWO, ONE, ONE, false);
            imageView(y, images, image.strided(3, 2)).copy_(pooled);
        }
    }

    static void maxPoolBackward(Matrix dy, Matrix z, int images, ImageShape image, Matrix dz) {
        try (PointerScope scope = new PointerScope()) {
            Tensor input = imageView(z, images, image);
            // Where the maxima were is found again: less memory than to keep an index for each output.
            Tensor where = torch.max_pool2d_with_indices(input, THREE, TWO, ONE, ONE, false)
                    .get1();
            torch.max_pool2d_with_indices_backward_out(
                    imageView(dz, images, image),
                    imageView(dy, images, image.strided(3, 2)),
                    input,
                    THREE,
                    TWO,
                    ONE,
                    ONE,
                    false,
                    where);
        }
    }
}
