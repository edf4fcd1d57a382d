package io.densespark.model.replica;

import io.densespark.model.kernels.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The forward and the backward pass over a batch that was loaded: as one program, or in parts that others hear of. */
final class TrainingPass {
    private final Workspace w;
    private final Programs programs;
    private final ForwardPass forward;
    private final BackwardPass backward;
    private final TrainingLoss loss;

    TrainingPass(Workspace w, Programs programs, ForwardPass forward, BackwardPass backward, TrainingLoss loss) {
        this.w = w;
        this.programs = programs;
        this.forward = forward;
        this.backward = backward;
        this.loss = loss;
    }

    StartedPass run(int images) {
        List<Mark> marks = new ArrayList<>();
        mark(marks);
        programs.step(images, () -> {
            runForward();
            backward.run();
        });
        mark(marks);
        return end(loss.result(), marks);
    }

    StartedPass run(int images, Replica.GradientListener listener) {
        List<Mark> marks = new ArrayList<>();
        mark(marks);
        programs.forward(images, this::runForward);
        mark(marks);
        Supplier<BatchResult> result = loss.result();
        for (int part = 0; part < backward.parts(); part++) {
            int current = part;
            programs.backward(part, images, () -> backward.run(current));
            listener.isFinal(backward.gradients(part));
        }
        mark(marks);
        return end(result, marks);
    }

    /** Tells of all parts, where there is no pass. */
    void hearOfAll(Replica.GradientListener listener) {
        for (int part = 0; part < backward.parts(); part++) {
            listener.isFinal(backward.gradients(part));
        }
    }

    private void runForward() {
        forward.run();
        loss.endForward();
        w.clock.forwardEnded();
    }

    /** Where Java has the time itself, marks would be in the way. */
    private void mark(List<Mark> marks) {
        if (loss.isOnDevice()) {
            marks.add(w.kernels.mark());
        }
    }

    private StartedPass end(Supplier<BatchResult> result, List<Mark> marks) {
        return loss.isOnDevice()
                ? StartedPass.running(result, marks)
                : StartedPass.done(result.get(), w.clock.stop(w.busyWorkers()));
    }
}
