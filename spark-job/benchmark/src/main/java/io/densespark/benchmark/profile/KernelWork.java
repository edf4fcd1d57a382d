package io.densespark.benchmark.profile;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How much one call of a kernel has to do, judged by its arguments.
 *
 * @param bytes of its matrices, each counted once, but for those that a convolution lends; of its vectors where it has
 *     no matrix
 * @param flops of its products, two for each multiply-add
 */
public record KernelWork(long bytes, long flops) {

    /** Of a call with these arguments. */
    public static KernelWork of(Object... arguments) {
        List<Matrix> matrices = new ArrayList<>();
        List<Vector> vectors = new ArrayList<>();
        Convolution convolution = null;
        int lent = 0;
        for (Object argument : arguments) {
            if (argument instanceof Matrix matrix) {
                matrices.add(matrix);
            } else if (argument instanceof Vector vector) {
                vectors.add(vector);
            } else if (argument instanceof Convolution one) {
                convolution = one;
            } else if (argument instanceof Consumer) {
                lent++;
            }
        }
        int rows = matrices.stream().mapToInt(Matrix::rows).min().orElse(0);
        long flops = convolution != null
                // Forward has x and y, the weights' gradient dy and x: one product each; with dx it is one more.
                ? (matrices.size() + lent - 1L)
                        * product(convolution.images() * convolution.output().pixels(), convolution.weight())
                : vectors.stream()
                        .filter(vector -> isWeight(vector, matrices))
                        .mapToLong(vector -> product(rows, vector))
                        .sum();
        return new KernelWork(matrices.isEmpty() ? vectorBytes(vectors) : matrixBytes(matrices), flops);
    }

    private static long vectorBytes(List<Vector> vectors) {
        return vectors.stream()
                .mapToLong(v -> (long) v.length() * v.storage().type().bytes())
                .sum();
    }

    private static long matrixBytes(List<Matrix> matrices) {
        return matrices.stream()
                .mapToLong(
                        m -> (long) m.rows() * m.columns() * m.storage().type().bytes())
                .sum();
    }

    private static long product(int rows, Vector weight) {
        return 2L * rows * weight.length();
    }

    /** True for W and for dW of y = x·Wᵀ: each stands for one product. */
    private static boolean isWeight(Vector vector, List<Matrix> matrices) {
        for (int i = 0; i < matrices.size(); i++) {
            for (int j = 0; j < i; j++) {
                int inputs = matrices.get(i).columns();
                int outputs = matrices.get(j).columns();
                // A vector with one value a column is no weight.
                if (Math.min(inputs, outputs) > 1 && (long) inputs * outputs == vector.length()) {
                    return true;
                }
            }
        }
        return false;
    }
}
