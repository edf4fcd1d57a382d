package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Norm;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;

/** Last norm, ReLU, global average, linear classifier and softmax cross-entropy. */
final class Head {
    private static final String WEIGHT = "classifier.weight";
    private static final String BIAS = "classifier.bias";

    private final Workspace w;
    private final Kernels kernels;
    private final DenseBlock last;
    private final Norm norm;
    private final Vector weight;
    private final int classes;

    Head(Workspace w, DenseBlock last) {
        this.w = w;
        this.kernels = w.kernels;
        this.last = last;
        norm = w.norm("features.norm5");
        weight = w.parameter(WEIGHT);
        classes = w.settings.spec().classes();
    }

    /**
     * The outputs for all images, {@code [N, classes]} row by row. The averaged activations stay in their buffer
     * for {@link #backward}.
     */
    float[] forward(int images) {
        Affine affine = last.affineOf(norm);
        last.updateRunningStatistics(norm);
        float[] bias = w.parameter(BIAS).toFloats();
        float[] logits = new float[images * classes];
        w.parallel(t -> {
            w.chunks(t, last.shape, last.outputs, (image, count) -> {
                Matrix z = last.normalizedOutput(t, image, count);
                kernels.normalizeRelu(last.pixels(t, image, count), affine, z);
                kernels.globalAverage(z, count, averaged(t).rows(image, count));
            });
            Matrix outputs = outputs(t);
            kernels.multiply(averaged(t), weight, outputs);
            int from = w.firstImage(t) * classes;
            int length = w.images(t) * classes;
            outputs.storage().read(0, logits, from, length);
            for (int i = 0; i < length; i++) {
                logits[from + i] += bias[i % classes];
            }
        });
        return logits;
    }

    /**
     * Takes the gradient of the outputs, {@code [N, classes]}, to the accumulator of the last block.
     *
     * @param dLogits row by row
     */
    void backward(float[] dLogits) {
        Affine affine = last.affineOf(norm);
        w.parallel(t -> {
            int from = w.firstImage(t) * classes;
            Matrix dOutputs = outputs(t);
            dOutputs.storage().write(0, dLogits, from, w.images(t) * classes);
            Matrix dAveraged = w.imageMatrix(MemoryPlan.AVERAGED_GRADIENT, t, last.outputs);
            kernels.multiplyBackward(dOutputs, averaged(t), weight, dAveraged, w.gradient(WEIGHT, t));
            w.gradient(BIAS, t).set(columnSums(dLogits, from, w.images(t)));
            w.clearPartialSums(t, last.outputs);
            w.chunks(
                    t,
                    last.shape,
                    last.outputs,
                    (image, images) -> backward(t, image, dAveraged.rows(image, images), affine));
        });
    }

    private void backward(int t, int image, Matrix dAveraged, Affine affine) {
        int images = dAveraged.rows();
        Matrix z = last.normalizedOutput(t, image, images);
        w.renormalize(t, last.pixels(t, image, images), affine, z);
        Matrix dz = w.piece(MemoryPlan.ACTIVATION_GRADIENT, t, z.rows(), last.outputs);
        kernels.globalAverageBackward(dAveraged, images, dz);
        last.beginBackward(t, image * last.shape.pixels(), dz, z, norm);
    }

    Norm norm() {
        return norm;
    }

    private float[] columnSums(float[] rows, int from, int count) {
        double[] sums = new double[classes];
        for (int i = 0; i < count * classes; i++) {
            sums[i % classes] += rows[from + i];
        }
        float[] rounded = new float[classes];
        for (int c = 0; c < classes; c++) {
            rounded[c] = (float) sums[c];
        }
        return rounded;
    }

    private Matrix averaged(int t) {
        return w.imageMatrix(MemoryPlan.AVERAGED, t, last.outputs);
    }

    private Matrix outputs(int t) {
        return w.imageMatrix(MemoryPlan.LOGITS, t, classes);
    }
}
