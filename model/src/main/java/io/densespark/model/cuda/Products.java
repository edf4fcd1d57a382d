package io.densespark.model.cuda;

import static io.densespark.model.cuda.DeviceAddress.address;
import static io.densespark.model.cuda.DeviceAddress.at;

import io.densespark.model.plan.GpuScratch;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Precision;
import io.densespark.model.tensor.Vector;
import java.util.Optional;
import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
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
    private final Optional<RoundedWeights> weights;

    /** @param weights for products with matrices of bfloat16, if there are such */
    Products(Device device, Stream stream, Precision precision, Optional<RoundedWeights> weights) {
        this.weights = weights;
        Status.blas(cublas.cublasCreate_v2(handle), "opening it");
        Status.blas(cublas.cublasSetStream_v2(handle, stream.handle()), "taking a stream");
        workspace = DeviceMemory.allocate(device, GpuScratch.PRODUCT_WORKSPACE);
        Status.blas(
                cublas.cublasSetWorkspace_v2(handle, at(workspace.address()), workspace.bytes()), "taking a workspace");
        Status.blas(cublas.cublasSetAtomicsMode(handle, cublas.CUBLAS_ATOMICS_NOT_ALLOWED), "forbidding atomics");
        int mode = precision == Precision.FP32 ? cublas.CUBLAS_DEFAULT_MATH : cublas.CUBLAS_TF32_TENSOR_OP_MATH;
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
                z.storage().type(),
                weight(weight, z),
                z.columns(),
                address(z),
                z.stride(),
                zero,
                y.storage().type(),
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
                dy.storage().type(),
                weight(weight, dy),
                dz.columns(),
                address(dy),
                dy.stride(),
                zero,
                dz.storage().type(),
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
                z.storage().type(),
                address(z),
                z.stride(),
                address(dy),
                dy.stride(),
                one,
                ElementType.FLOAT,
                address(dWeight),
                z.columns());
    }

    /** The address of a weight in the numbers of the map that it is multiplied with. */
    long weight(Vector weight, Matrix map) {
        return map.storage().type() == ElementType.FLOAT
                ? address(weight)
                : weights.orElseThrow(() -> new IllegalStateException("maps of bfloat16 on a GPU opened for floats"))
                        .of(weight);
    }

    private void gemm(
            int transposeA,
            int transposeB,
            int m,
            int n,
            int k,
            ElementType factors,
            long a,
            int strideOfA,
            long b,
            int strideOfB,
            FloatPointer beta,
            ElementType result,
            long c,
            int strideOfC) {
        int status = factors == ElementType.FLOAT
                ? cublas.cublasSgemm_v2(
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
                        strideOfC)
                : cublas.cublasGemmEx(
                        handle,
                        transposeA,
                        transposeB,
                        m,
                        n,
                        k,
                        one,
                        at(a),
                        cudart.CUDA_R_16BF,
                        strideOfA,
                        at(b),
                        cudart.CUDA_R_16BF,
                        strideOfB,
                        beta,
                        at(c),
                        result == ElementType.FLOAT ? cudart.CUDA_R_32F : cudart.CUDA_R_16BF,
                        strideOfC,
                        cublas.CUBLAS_COMPUTE_32F,
                        cublas.CUBLAS_GEMM_DEFAULT);
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
