package io.densespark.model.replica;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.network.Parameter;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Vector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The training steps of a rank: forward and backward pass, sum of the gradients over the ranks, optimizer. Gradients are
 * summed part for part while the backward pass goes on, where the ranks' sums run beside passes, or else at its end.
 *
 * <p>On a device Java runs a step ahead: it gives the next batch while the device is still at the last one, and hears of a
 * step's outcome when the step after it was started. Used by the replica's thread.
 */
public final class TrainingSteps {
    /** What isn't a number in it tells of a loss that isn't finite. */
    private static final String LAST_BIAS = "classifier.bias";

    /** Hears of each step's outcome, in order. */
    @FunctionalInterface
    public interface Listener {
        /** What it throws ends the steps: whoever takes them gets it. */
        void hasEnded(StepOutcome outcome) throws IOException;
    }

    private final Replica replica;
    private final Kernels kernels;
    private final ProcessGroup group;
    private final Listener listener;
    private Optional<StartedStep> last = Optional.empty();

    /**
     * All are the caller's, who closes them.
     *
     * @param kernels the replica's
     */
    public TrainingSteps(Replica replica, Kernels kernels, ProcessGroup group, Listener listener) {
        this.replica = replica;
        this.kernels = kernels;
        this.group = group;
        this.listener = listener;
    }

    /**
     * Takes a step; all ranks call it together. Arguments as of {@link Replica#begin}.
     *
     * @param optimizer moves the replica's parameters by its gradients
     * @throws io.densespark.model.collective.PeerLostException as {@link ProcessGroup#sum(Vector)}
     * @throws IOException of the listener's
     */
    public void take(
            Pixels pixels,
            int[] labels,
            float[] weights,
            int images,
            int globalImages,
            BatchPosition position,
            Runnable optimizer)
            throws IOException {
        List<ProcessGroup.Pending> sums = new ArrayList<>();
        boolean inParts = group.worldSize() > 1 && group.sumsBesidePasses();
        StartedPass pass = inParts
                ? replica.begin(
                        pixels, labels, weights, images, globalImages, position, part -> sums.add(group.begin(part)))
                : replica.begin(pixels, labels, weights, images, globalImages, position);
        StartedStep step = new StartedStep(pass, globalImages, kernels.mark());
        if (!inParts) {
            sums.add(group.begin(replica.gradients()));
        }
        sums.forEach(ProcessGroup.Pending::holdBackPasses);
        step.summed(sums, kernels.mark(), kernels.first(lastBias()));
        optimizer.run();
        step.moved(kernels.mark());
        if (replica.settings().device().equals(Device.CPU)) {
            listener.hasEnded(step.await());
        } else {
            end(last);
            last = Optional.of(step);
        }
    }

    private Vector lastBias() {
        Parameter bias = replica.layout().get(LAST_BIAS);
        return replica.gradients().slice((int) bias.offset(), bias.elements());
    }

    /** Returns when all steps are over and the listener has heard of each. */
    public void finish() throws IOException {
        end(last);
        last = Optional.empty();
    }

    private void end(Optional<StartedStep> step) throws IOException {
        if (step.isPresent()) {
            listener.hasEnded(step.get().await());
        }
    }

    /** Bytes that each rank gives to be summed in a step. */
    public long bytes() {
        return replica.gradients().length() * (long) Float.BYTES;
    }
}
