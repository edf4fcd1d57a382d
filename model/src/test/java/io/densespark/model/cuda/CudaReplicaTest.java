package io.densespark.model.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.BatchPosition;
import io.densespark.model.replica.BatchResult;
import io.densespark.model.replica.ImageBytes;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole replicas on the fake GPU against the same ones on the CPU. */
class CudaReplicaTest {
    private static final ImageShape IMAGE = new ImageShape(16, 16);
    private static final int IMAGES = 5;

    @BeforeEach
    void openTheFake() {
        assumeTrue(FakeCuda.load(), "needs a C++ compiler");
        FakeCuda.beginLate();
    }

    @AfterEach
    void closeTheFake() {
        FakeCuda.set("ASYNC", 0);
    }

    static Stream<Arguments> cases() {
        return Nets.ofEveryKind().stream()
                .flatMap(spec -> Stream.of(RecomputeLevel.values()).map(level -> Arguments.of(spec, level)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainsAsOnTheCpuOnFullBatchesAndShortOnes(DenseNetSpec spec, RecomputeLevel level) {
        try (Backend backend = Cuda.open(Device.cuda(0), Precision.FP32);
                Replica cpu = replica(spec, level, Device.CPU, LibTorch.open());
                Replica gpu = replica(spec, level, Device.cuda(0), backend)) {
            Nets.initialize(cpu, 5, 1);
            gpu.parameters().set(cpu.parameters().toFloats());
            gpu.runningStatistics().set(cpu.runningStatistics().toFloats());
            int[] batches = {IMAGES, IMAGES, IMAGES, 3, IMAGES};
            for (int step = 0; step < batches.length; step++) {
                double expected = step(spec, cpu, batches[step], step).lossSum();

                BatchResult actual = step(spec, gpu, batches[step], step);

                assertThat(actual.lossSum()).as("loss of step %s", step).isCloseTo(expected, Offset.offset(1e-3));
                requireClose(gpu.gradients().toFloats(), cpu.gradients().toFloats(), 5e-3);
                requireClose(
                        gpu.runningStatistics().toFloats(),
                        cpu.runningStatistics().toFloats(),
                        1e-4);
                cpu.nesterovStep(0.01, 0.9, 1e-4);
                gpu.nesterovStep(0.01, 0.9, 1e-4);
                // Rounding would grow from step to step: what is tested is one step on the replica's own memory.
                gpu.parameters().set(cpu.parameters().toFloats());
                gpu.velocity().set(cpu.velocity().toFloats());
            }
            float[] pixels = Nets.pixels(spec, IMAGE, IMAGES, 9);
            requireClose(gpu.logits(pixels, IMAGES), cpu.logits(pixels, IMAGES), 1e-4);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void bytesAreTheFloatsThatTheyStandFor(Precision precision) {
        DenseNetSpec spec = Nets.spec(3, 4, 5, List.of(2, 2));
        ReplicaSettings settings =
                new ReplicaSettings(spec, IMAGE, IMAGES, RecomputeLevel.ACTIVATIONS, 1, Device.cuda(0), precision);
        ImageBytes images = ImageBytes.of(spec.inputChannels(), IMAGES * IMAGE.pixels(), 7);
        int[] labels = Nets.labels(spec, IMAGES, 3);
        try (Backend backend = Cuda.open(Device.cuda(0), precision);
                Replica replica = Replica.create(settings, backend)) {
            Nets.initialize(replica, 5, 1);
            for (int step = 0; step < 3; step++) {
                assertThat(replica.logits(images.pixels(), IMAGES)).isEqualTo(replica.logits(images.floats(), IMAGES));
                replica.forwardBackward(images.floats(), labels, IMAGES, IMAGES, Nets.AT_START);
                float[] expected = replica.gradients().toFloats();

                replica.begin(images.pixels(), labels, new float[0], IMAGES, IMAGES, Nets.AT_START)
                        .await();

                assertThat(replica.gradients().toFloats()).isEqualTo(expected);
            }
        }
    }

    private static Replica replica(DenseNetSpec spec, RecomputeLevel level, Device device, Backend backend) {
        return Replica.create(new ReplicaSettings(spec, IMAGE, IMAGES, level, 1, device), backend);
    }

    private static BatchResult step(DenseNetSpec spec, Replica replica, int images, int step) {
        float[] pixels = Nets.pixels(spec, IMAGE, images, 3 + step);
        int[] labels = Nets.labels(spec, images, 4 + step);
        return replica.forwardBackward(pixels, labels, images, images, new BatchPosition(1, step, 3));
    }

    /** Relative to the size of all, since a sign that rounding turns changes a few elements. */
    private static void requireClose(float[] actual, float[] expected, double tolerance) {
        double error = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow((double) actual[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        assertThat(Math.sqrt(error / size)).isLessThanOrEqualTo(tolerance);
    }
}
