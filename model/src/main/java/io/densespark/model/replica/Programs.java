package io.densespark.model.replica;

import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Program;
import io.densespark.model.plan.ReplicaSettings;
import org.jspecify.annotations.Nullable;

/**
 * A replica's passes over full batches as programs. Passes over fewer images, which come once an epoch, and those with
 * dropout, whose key is another one in each step, are called one by one.
 */
final class Programs implements AutoCloseable {
    private final ReplicaSettings settings;
    private final Kernels kernels;
    private @Nullable Program training;
    private @Nullable Program evaluation;
    private @Nullable Program backward;

    Programs(ReplicaSettings settings, Kernels kernels) {
        this.settings = settings;
        this.kernels = kernels;
    }

    /** Runs the forward pass over {@code images} images. */
    void forward(int images, boolean isTraining, Runnable passes) {
        if (isOneOff(images, isTraining)) {
            passes.run();
        } else if (isTraining) {
            training = run(training, passes);
        } else {
            evaluation = run(evaluation, passes);
        }
    }

    /** Runs the backward pass over {@code images} images. */
    void backward(int images, Runnable passes) {
        if (isOneOff(images, true)) {
            passes.run();
        } else {
            backward = run(backward, passes);
        }
    }

    private boolean isOneOff(int images, boolean isTraining) {
        return images != settings.batch() || (isTraining && settings.spec().dropout() > 0);
    }

    private Program run(@Nullable Program known, Runnable passes) {
        Program program = known == null ? kernels.record(passes) : known;
        program.run();
        return program;
    }

    @Override
    public void close() {
        close(training);
        close(evaluation);
        close(backward);
    }

    private static void close(@Nullable Program program) {
        if (program != null) {
            program.close();
        }
    }
}
