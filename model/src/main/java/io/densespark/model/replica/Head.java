package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.DeviceLoss;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Norm;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;

/** Last norm, ReLU, global average, linear classifier and softmax cross-entropy. */
final class Head {
    private final Workspace w;
    private final Kernels kernels;
    private final DenseBlock last;
    private final Norm norm;
    private final Weight weight;
    private final Vector bias;
    private final Vector biasGradient;
    private final FeatureMap averaged;
    private final FeatureMap averagedGradient;
    private final FeatureMap outputs;
    private final PieceBuffer gradientPiece;
    private final int classes;

    Head(Workspace w, DenseBlock last) {
        this.w = w;
        this.kernels = w.kernels;
        this.last = last;
        norm = w.norm("features.norm5");
        weight = w.weight("classifier.weight");
        bias = w.parameter("classifier.bias");
        biasGradient = w.gradient("classifier.bias");
        classes = w.settings.spec().classes();
        averaged = w.ofImages(BufferRole.AVERAGED.id(), last.outputs);
        averagedGradient = w.ofImages(BufferRole.AVERAGED_GRADIENT.id(), last.outputs);
        outputs = w.ofImages(BufferRole.LOGITS.id(), classes);
        gradientPiece = w.piece(BufferRole.ACTIVATION_GRADIENT_PIECE.id());
    }

    /** From the last block to the classifier. The averaged activations stay in their buffer for {@link #backward}. */
    void forward() {
        Affine affine = last.affineOf(norm);
        w.parallel(t -> {
            w.chunks(t, last.shape, last.outputs, (image, count) -> {
                Matrix z = last.normalize(t, image, count, affine);
                kernels.globalAverage(z, count, averaged.of(t).rows(image, count));
            });
            kernels.multiply(averaged.of(t), weight.value(), outputs.of(t));
        });
    }

    /** What the last {@link #forward} gave for all images, {@code [N, classes]} row by row. */
    float[] logits(int images) {
        float[] shift = bias.toFloats();
        float[] logits = new float[images * classes];
        w.parallel(t -> {
            int from = w.firstImage(t) * classes;
            int length = w.images(t) * classes;
            outputs.of(t).storage().read(0, logits, from, length);
            for (int i = 0; i < length; i++) {
                logits[from + i] += shift[i % classes];
            }
        });
        return logits;
    }

    /** What the last {@link #forward} averaged, {@code [N, F]} row by row: the classifier's inputs. */
    float[] features(int images) {
        int columns = last.outputs;
        float[] features = new float[images * columns];
        w.parallel(t -> averaged.of(t).storage().read(0, features, w.firstImage(t) * columns, w.images(t) * columns));
        return features;
    }

    /**
     * Takes the gradient of the outputs, {@code [N, classes]}, into the replica's memory, and overwrites the bias's.
     *
     * @param dLogits row by row
     */
    void load(float[] dLogits) {
        float[] sums = new float[classes];
        w.parallel(t -> outputs.of(t).storage().write(0, dLogits, w.firstImage(t) * classes, w.images(t) * classes));
        for (int t = 0; t < w.settings.workers(); t++) {
            float[] part = columnSums(dLogits, w.firstImage(t) * classes, w.images(t));
            for (int c = 0; c < classes; c++) {
                sums[c] += part[c];
            }
        }
        biasGradient.set(sums);
    }

    /** The loss of the last {@link #forward}'s outputs, which their gradient takes the place of; on one worker. */
    void takeLoss(DeviceLoss loss) {
        loss.take(outputs.of(0), bias);
    }

    /** The bias's gradient, from that of the outputs; on one worker. */
    void biasGradient(DeviceLoss loss) {
        loss.biasGradient(outputs.of(0), biasGradient);
    }

    /** Takes the gradient of the outputs, loaded or left by {@link #takeLoss}, to the accumulator of the last block. */
    void backward() {
        Affine affine = last.affineAgain(norm);
        w.parallel(t -> {
            Matrix dAveraged = averagedGradient.of(t);
            kernels.multiplyBackward(outputs.of(t), averaged.of(t), weight.value(), dAveraged, weight.gradient(t));
            w.beginSums(t, last.outputs);
            w.chunks(
                    t,
                    last.shape,
                    last.outputs,
                    (image, images) -> backward(t, image, dAveraged.rows(image, images), affine));
        });
        w.sumGradient(weight);
    }

    private void backward(int t, int image, Matrix dAveraged, Affine affine) {
        int images = dAveraged.rows();
        Matrix z = last.normalizedAgain(t, image, images, affine);
        Matrix dz = gradientPiece.of(t, z.rows(), last.outputs);
        kernels.globalAverageBackward(dAveraged, images, dz);
        last.beginBackward(t, image * last.shape.pixels(), dz, z, affine, norm);
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
}
