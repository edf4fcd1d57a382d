package io.densespark.benchmark.step;

import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.libtorch.NaiveDenseNet;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.BatchPosition;
import io.densespark.model.replica.BatchResult;
import io.densespark.model.replica.Replica;
import io.densespark.model.weights.StateDictionary;
import java.io.IOException;
import java.nio.file.Path;

/** A network that takes the same training step again and again: forward, loss, backward, SGD, running statistics. */
interface Stepper extends AutoCloseable {
    /** One step. Returns the mean loss before it. */
    double step();

    @Override
    void close();

    /** DenseSpark's replica. */
    static Stepper densespark(StepTask task, Problem problem, ReplicaSettings settings, Backend backend)
            throws IOException {
        float[] pixels = ProblemFiles.readPixels(problem);
        int[] labels = ProblemFiles.readLabels(problem);
        Replica replica = Replica.create(settings, backend);
        try (LazyTensors weights = LazyTensors.open(Path.of(problem.weights()))) {
            StateDictionary.restore(weights, replica, problem.weights());
        }
        // Without dropout it makes no difference.
        BatchPosition position = new BatchPosition(0, 0, 0);
        return new Stepper() {
            @Override
            public double step() {
                BatchResult result =
                        replica.forwardBackward(pixels, labels, problem.batch(), problem.batch(), position);
                replica.nesterovStep(task.learningRate(), task.momentum(), task.weightDecay());
                backend.kernels().finish();
                return result.lossSum() / result.examples();
            }

            @Override
            public void close() {
                replica.close();
            }
        };
    }

    /** The textbook version by libtorch's autograd. */
    static Stepper naive(StepTask task, Problem problem) throws IOException {
        float[] pixels = ProblemFiles.readPixels(problem);
        int[] labels = ProblemFiles.readLabels(problem);
        LibTorch.setThreads(task.threads());
        NaiveDenseNet net;
        try (LazyTensors weights = LazyTensors.open(Path.of(problem.weights()))) {
            net = NaiveDenseNet.create(problem.spec(), weights, false);
        }
        return new Stepper() {
            @Override
            public double step() {
                return net.step(
                        pixels,
                        labels,
                        problem.batch(),
                        problem.image(),
                        task.learningRate(),
                        task.momentum(),
                        task.weightDecay());
            }

            @Override
            public void close() {
                net.close();
            }
        };
    }
}
