package io.densespark.model.replica;

import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Program;
import io.densespark.model.plan.ReplicaSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A replica's passes over full batches as programs. Passes over fewer images, which come once an epoch, are called one by one. */
final class Programs implements AutoCloseable {
    private final ReplicaSettings settings;
    private final Kernels kernels;
    private @Nullable Program forward;
    private @Nullable Program evaluation;
    private @Nullable Program step;
    private final List<Program> backwardParts = new ArrayList<>();

    Programs(ReplicaSettings settings, Kernels kernels) {
        this.settings = settings;
        this.kernels = kernels;
    }

    /** Runs a training step's forward pass over {@code images} images. */
    void forward(int images, Runnable passes) {
        if (isOneOff(images)) {
            passes.run();
        } else {
            forward = run(forward, passes);
        }
    }

    /** Runs both of its passes. */
    void step(int images, Runnable passes) {
        if (isOneOff(images)) {
            passes.run();
        } else {
            step = run(step, passes);
        }
    }

    /** Runs a part of its backward pass; parts come in order, from 0 on. */
    void backward(int part, int images, Runnable passes) {
        if (isOneOff(images)) {
            passes.run();
            return;
        }
        if (part == backwardParts.size()) {
            backwardParts.add(kernels.record(passes));
        }
        backwardParts.get(part).run();
    }

    /** Runs the forward pass of an evaluation. */
    void evaluation(int images, Runnable passes) {
        if (isOneOff(images)) {
            passes.run();
        } else {
            evaluation = run(evaluation, passes);
        }
    }

    private boolean isOneOff(int images) {
        return images != settings.batch();
    }

    private Program run(@Nullable Program known, Runnable passes) {
        Program program = known == null ? kernels.record(passes) : known;
        program.run();
        return program;
    }

    @Override
    public void close() {
        close(forward);
        close(evaluation);
        close(step);
        backwardParts.forEach(Program::close);
    }

    private static void close(@Nullable Program program) {
        if (program != null) {
            program.close();
        }
    }
}
