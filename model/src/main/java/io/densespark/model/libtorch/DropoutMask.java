package io.densespark.model.libtorch;

import io.densespark.model.kernels.Dropout;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * {@link Dropout#multiplier} for many elements, in 64 bit integers on the device: the same bits as Java's. Integer tensors
 * wrap around as Java's longs do; their shift to the right keeps the sign, which a mask takes away again.
 */
final class DropoutMask {
    private DropoutMask() {}

    /** The multipliers of a matrix {@code [rows, columns]}, float. The caller's scope owns it. */
    static Tensor of(Dropout dropout, long rows, long columns, org.bytedeco.pytorch.Device device) {
        long first = dropout.first();
        Tensor bits = torch.arange(
                new Scalar(first),
                new Scalar(first + rows * columns),
                new Scalar(1L),
                new TensorOptions(torch.ScalarType.Long).device(new DeviceOptional(device)));
        bits.mul_(new Scalar(Dropout.GOLDEN)).add_(new Scalar(dropout.key()));
        fold(bits, Dropout.FIRST_SHIFT).mul_(new Scalar(Dropout.FIRST_FACTOR));
        fold(bits, Dropout.SECOND_SHIFT).mul_(new Scalar(Dropout.SECOND_FACTOR));
        fold(bits, Dropout.THIRD_SHIFT);
        Tensor kept = shifted(bits, Long.SIZE - Dropout.BITS).ge(new Scalar(dropout.threshold()));
        return kept.to(torch.ScalarType.Float)
                .mul_(new Scalar((double) dropout.multiplierOfKept()))
                .view(rows, columns);
    }

    /** z ^= z >>> shift. */
    private static Tensor fold(Tensor z, int shift) {
        return z.bitwise_xor_(shifted(z, shift));
    }

    /** z >>> shift. */
    private static Tensor shifted(Tensor z, int shift) {
        return z.bitwise_right_shift(new Scalar((long) shift)).bitwise_and_(new Scalar(-1L >>> shift));
    }
}
