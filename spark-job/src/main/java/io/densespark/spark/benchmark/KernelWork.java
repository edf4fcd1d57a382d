package io.densespark.spark.benchmark;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.memory.Matrix;
import io.densespark.model.memory.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How much one call of a kernel has to do, judged by its arguments.
 *
 * @param rows of its tallest matrix; 0 if it has none
 * @param convolution the convolution that it does, if any
 * @param bytes of its matrices, each counted once; of its vectors where it has no matrix
 * @param flops of its products, two for each multiply-add
 */
record KernelWork(int rows, Optional<Convolution> convolution, long bytes, long flops) {

    static KernelWork of(Object... arguments) {
        List<Matrix> matrices = new ArrayList<>();
        List<Vector> vectors = new ArrayList<>();
        Optional<Convolution> convolution = Optional.empty();
        for (Object argument : arguments) {
            if (argument instanceof Matrix matrix) {
                matrices.add(matrix);
            } else if (argument instanceof Vector vector) {
                vectors.add(vector);
            } else if (argument instanceof Convolution one) {
                convolution = Optional.of(one);
            }
        }
        long bytes = matrices.isEmpty()
                ? vectors.stream()
                        .mapToLong(v -> (long) v.length() * v.storage().type().bytes())
                        .sum()
                : matrices.stream()
                        .mapToLong(m -> (long) m.rows() * m.columns() * Float.BYTES)
                        .sum();
        int rows = matrices.stream().mapToInt(Matrix::rows).max().orElse(0);
        // A convolution with a stride has as many products as outputs.
        int outputs = matrices.stream().mapToInt(Matrix::rows).min().orElse(0);
        long flops = convolution.isPresent()
                // Forward has x and y, the weights' gradient dy and x: one product each; with dx it is one more.
                ? (matrices.size() - 1L) * product(outputs, convolution.get().weight())
                : vectors.stream()
                        .filter(v -> isWeight(v, matrices))
                        .mapToLong(v -> product(outputs, v))
                        .sum();
        return new KernelWork(rows, convolution, bytes, flops);
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
