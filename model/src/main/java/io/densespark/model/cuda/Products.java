package io.densespark.model.cuda;

import static io.densespark.model.cuda.DeviceAddress.address;
import static io.densespark.model.cuda.DeviceAddress.at;

import io.densespark.model.kernels.Precision;
import io.densespark.model.plan.GpuScratch;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Products of matrices by cuBLAS, straight from and into strided maps. cuBLAS counts by columns: it sees each of our
 * matrices as its transpose, and is asked for the transposed product.
 */
final class Products implements AutoCloseable {
    private static final int PLAIN = cublas.CUBLAS_OP_N;
    private static final int TRANSPOSED = cublas.CUBLAS_OP_T;

    private final cublasContext handle = new cublasContext();
    private final FloatPointer zero = new FloatPointer(0f);
    private final FloatPointer one = new FloatPointer(1f);
    private final DeviceMemory workspace;

    Products(Device device, Stream stream, Precision precision) {
        Status.blas(cublas.cublasCreate_v2(handle), "opening it");
        Status.blas(cublas.cublasSetStream_v2(handle, stream.handle()), "taking a stream");
        workspace = DeviceMemory.allocate(device, GpuScratch.PRODUCT_WORKSPACE);
        Status.blas(
                cublas.cublasSetWorkspace_v2(handle, at(workspace.address()), workspace.bytes()), "taking a workspace");
        Status.blas(cublas.cublasSetAtomicsMode(handle, cublas.CUBLAS_ATOMICS_NOT_ALLOWED), "forbidding atomics");
        int mode = precision == Precision.TF32 ? cublas.CUBLAS_TF32_TENSOR_OP_MATH : cublas.CUBLAS_DEFAULT_MATH;
        Status.blas(cublas.cublasSetMathMode(handle, mode), "setting the precision");
    }

    /** y = z·Wᵀ. */
    void multiply(Matrix z, Vector weight, Matrix y) {
        gemm(
                TRANSPOSED,
                PLAIN,
                y.columns(),
                y.rows(),
                z.columns(),
                address(weight),
                z.columns(),
                address(z),
                z.stride(),
                zero,
                address(y),
                y.stride());
    }

    /** dz = dy·W and dW += dyᵀ·z. */
    void multiplyBackward(Matrix dy, Matrix z, Vector weight, Matrix dz, Vector dWeight) {
        gemm(
                PLAIN,
                PLAIN,
                dz.columns(),
                dz.rows(),
                dy.columns(),
                address(weight),
                dz.columns(),
                address(dy),
                dy.stride(),
                zero,
                address(dz),
                dz.stride());
        addTransposed(dy, z, dWeight);
    }

    /** dW += dyᵀ·z. */
    void addTransposed(Matrix dy, Matrix z, Vector dWeight) {
        gemm(
                PLAIN,
                TRANSPOSED,
                z.columns(),
                dy.columns(),
                z.rows(),
                address(z),
                z.stride(),
                address(dy),
                dy.stride(),
                one,
                address(dWeight),
                z.columns());
    }

    private void gemm(
            int transposeA,
            int transposeB,
            int m,
            int n,
            int k,
            long a,
            int strideOfA,
            long b,
            int strideOfB,
            FloatPointer beta,
            long c,
            int strideOfC) {
        int status = cublas.cublasSgemm_v2(
                handle,
                transposeA,
                transposeB,
                m,
                n,
                k,
                one,
                at(a),
                strideOfA,
                at(b),
                strideOfB,
                beta,
                at(c),
                strideOfC);
        if (status != 0) {
            Status.blas(status, "a product [" + n + ", " + k + "] by [" + k + ", " + m + "]");
        }
    }

    @Override
    public void close() {
        Status.blas(cublas.cublasDestroy_v2(handle), "closing it");
        workspace.close();
        zero.close();
        one.close();
    }
}
