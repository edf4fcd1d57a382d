package io.densespark.model.libtorch;

import io.densespark.model.cpu.MatrixProducts;
import io.densespark.model.tensor.Matrix;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * OpenBLAS called directly: a tile's product takes about as long as the views and the dispatch of a call through libtorch,
 * which would come to the same OpenBLAS.
 */
final class OpenBlas implements MatrixProducts {
    @Override
    public void multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB, boolean accumulate, Matrix c) {
        int inner = transposeA ? a.rows() : a.columns();
        requireShapes(a, transposeA, b, transposeB, c);
        try (FloatPointer left = TensorStorage.pointer(a);
                FloatPointer right = TensorStorage.pointer(b);
                FloatPointer result = TensorStorage.pointer(c)) {
            openblas_nolapack.cblas_sgemm(
                    openblas_nolapack.CblasRowMajor,
                    transposeA ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans,
                    transposeB ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans,
                    c.rows(),
                    c.columns(),
                    inner,
                    1f,
                    left,
                    a.stride(),
                    right,
                    b.stride(),
                    accumulate ? 1f : 0f,
                    result,
                    c.stride());
        }
    }

    private static void requireShapes(Matrix a, boolean transposeA, Matrix b, boolean transposeB, Matrix c) {
        int rows = transposeA ? a.columns() : a.rows();
        int left = transposeA ? a.rows() : a.columns();
        int right = transposeB ? b.columns() : b.rows();
        int columns = transposeB ? b.rows() : b.columns();
        if (left != right || c.rows() != rows || c.columns() != columns) {
            throw new IllegalArgumentException("[" + rows + ", " + left + "] times [" + right + ", " + columns
                    + "] is not [" + c.rows() + ", " + c.columns() + "]");
        }
    }
}
