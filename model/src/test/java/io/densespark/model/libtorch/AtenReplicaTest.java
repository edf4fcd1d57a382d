package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.BatchPosition;
import io.densespark.model.replica.BatchResult;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a GPU would run, the library's kernels on a slice that is one piece, in main memory. */
class AtenReplicaTest {
    private static final ImageShape IMAGE = new ImageShape(17, 19);
    private static final int IMAGES = 5;

    /** A GPU to all who ask, with memory and arithmetic of the CPU. */
    private record FakeGpu() implements Backend {
        @Override
        public Device device() {
            return Device.cuda(0);
        }

        @Override
        public Storage allocate(ElementType type, long elements) {
            return TensorStorage.allocate(type, elements);
        }

        @Override
        public Kernels kernels() {
            return new AtenKernels();
        }

        @Override
        public void enterThread() {
            LibTorch.open().enterThread();
        }

        @Override
        public void close() {}
    }

    static Stream<DenseNetSpec> networks() {
        return Nets.ofEveryKind().stream();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aStepLossGradientsAndRunningStatisticsAreThoseOfTheCpusKernels(DenseNetSpec spec) {
        for (RecomputeLevel level : RecomputeLevel.values()) {
            try (Replica cpu = Nets.replica(spec, IMAGE, IMAGES, level, 2);
                    Replica gpu = Replica.create(
                            new ReplicaSettings(spec, IMAGE, IMAGES, level, 1, Device.cuda(0)), new FakeGpu())) {
                Nets.initialize(cpu, 5, 1);
                gpu.parameters().set(cpu.parameters().toFloats());
                gpu.runningStatistics().set(cpu.runningStatistics().toFloats());

                double[] losses = {step(spec, cpu).lossSum(), step(spec, gpu).lossSum()};

                assertThat(losses[1]).isCloseTo(losses[0], Offset.offset(1e-4));
                requireClose(gpu.gradients().toFloats(), cpu.gradients().toFloats(), 2e-3);
                requireClose(
                        gpu.runningStatistics().toFloats(),
                        cpu.runningStatistics().toFloats(),
                        1e-5);
            }
        }
    }

    private static BatchResult step(DenseNetSpec spec, Replica replica) {
        float[] pixels = Nets.pixels(spec, IMAGE, IMAGES, 3);
        int[] labels = Nets.labels(spec, IMAGES, 4);
        return replica.forwardBackward(pixels, labels, IMAGES, IMAGES, new BatchPosition(1, 2, 3));
    }

    /** Relative to the size of all, since a sign that rounding turns changes a few elements. */
    private static void requireClose(float[] actual, float[] expected, double tolerance) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        assertThat(Math.sqrt(difference / size)).isLessThan(tolerance);
    }
}
