package io.densespark.model.replica;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.network.Parameter;
import io.densespark.model.tensor.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A replica's gradients, summed over the ranks: part for part while the backward pass goes on, where the ranks' sums run
 * beside passes, or else at its end.
 */
public final class SummedGradients {
    /** Marked when a rank's loss isn't finite; it is of the part that comes first. */
    private static final String LAST_BIAS = "classifier.bias";

    private final Replica replica;
    private final ProcessGroup group;
    private long waitNanos;

    /** Both are the caller's, who closes them. */
    public SummedGradients(Replica replica, ProcessGroup group) {
        this.replica = replica;
        this.group = group;
    }

    /**
     * Computes the gradients of a rank's batch and sums them; all ranks call it together. Arguments as of {@link
     * Replica#forwardBackward(float[], int[], float[], int, int, BatchPosition)}.
     *
     * @return the loss of this rank's images
     * @throws io.densespark.model.collective.PeerLostException as {@link ProcessGroup#sum(Vector)}
     */
    public BatchResult of(
            float[] pixels, int[] labels, float[] weights, int images, int globalImages, BatchPosition position) {
        List<ProcessGroup.Pending> begun = new ArrayList<>();
        BatchResult result;
        if (group.sumsBesidePasses()) {
            result = replica.forwardBackward(pixels, labels, weights, images, globalImages, position, (part, loss) -> {
                if (begun.isEmpty()) {
                    mark(loss);
                }
                begun.add(group.begin(part));
            });
        } else {
            result = replica.forwardBackward(pixels, labels, weights, images, globalImages, position);
            mark(result);
            begun.add(() -> group.sum(replica.gradients()));
        }
        long start = System.nanoTime();
        begun.forEach(ProcessGroup.Pending::await);
        waitNanos = System.nanoTime() - start;
        return result;
    }

    /** Every rank sees the mark after the sum, so all can stop at the same step. */
    private void mark(BatchResult result) {
        if (!Double.isFinite(result.lossSum())) {
            float[] marks = new float[replica.settings().spec().classes()];
            Arrays.fill(marks, Float.NaN);
            lastBias().set(marks);
        }
    }

    /** Whether the loss of some rank wasn't finite in the last batch; the same on all ranks. */
    public boolean areSpoiled() {
        return Float.isNaN(lastBias().toFloats()[0]);
    }

    private Vector lastBias() {
        Parameter bias = replica.layout().get(LAST_BIAS);
        return replica.gradients().slice((int) bias.offset(), bias.elements());
    }

    /** How long the last batch's sums were waited for when the rank's own passes were done, in nanoseconds. */
    public long waitNanos() {
        return waitNanos;
    }

    /** Bytes that each rank gives to be summed for a batch. */
    public long bytes() {
        return replica.gradients().length() * (long) Float.BYTES;
    }
}
