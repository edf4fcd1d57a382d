package io.densespark.model.replica;

import io.densespark.model.plan.BufferRole;
import io.densespark.model.tensor.Matrix;

/** A 3x3 convolution. */
final class SmallStem implements Stem {
    private final Workspace w;
    private final DenseBlock first;
    private final StemConvolution convolution;
    private final PieceBuffer outputPiece;

    SmallStem(Workspace w, DenseBlock first) {
        this.w = w;
        this.first = first;
        convolution = new StemConvolution(w);
        outputPiece = w.piece(BufferRole.OUTPUT_PIECE.id());
    }

    @Override
    public void load(Pixels pixels) {
        w.parallel(t -> convolution.load(t, pixels));
    }

    @Override
    public void forward() {
        w.parallel(t -> convolution.chunks(
                t, (image, images) -> convolution.forward(t, image, images, y -> first.enter(t, y, image))));
    }

    @Override
    public void backward() {
        int pixels = first.shape.pixels();
        w.parallel(t -> convolution.chunks(t, (image, images) -> {
            Matrix dy = outputPiece.of(t, images * pixels, first.inputs);
            first.entranceGradient(t, image * pixels, dy);
            convolution.backward(t, image, images, dy);
        }));
        convolution.endBackward();
    }
}
