package io.densespark.model.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.BatchPosition;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole replicas with maps of bfloat16 on the fake GPU. */
class BfloatReplicaTest {
    private static final ImageShape IMAGE = new ImageShape(16, 16);
    private static final int IMAGES = 6;

    @BeforeEach
    void openTheFake() {
        assumeTrue(FakeCuda.load(), "needs a C++ compiler");
        FakeCuda.beginLate();
    }

    @AfterEach
    void closeTheFake() {
        FakeCuda.set("ASYNC", 0);
        FakeCuda.set("CAPABILITY", 90);
    }

    static List<DenseNetSpec> specs() {
        return Nets.ofEveryKind();
    }

    private record Trained(double loss, List<Float> gradients, List<Float> parameters) {}

    private static Trained train(
            DenseNetSpec spec, RecomputeLevel level, Device device, Precision precision, int steps) {
        try (Backend backend = device.kind() == Device.Kind.CPU ? LibTorch.open() : Cuda.open(device, precision);
                Replica replica = Replica.create(
                        new ReplicaSettings(spec, IMAGE, IMAGES, level, 1, device, precision), backend)) {
            Nets.initialize(replica, 5, 1);
            double loss = 0;
            for (int step = 0; step < steps; step++) {
                // The last but one is a short batch.
                int images = step == steps - 2 ? IMAGES - 1 : IMAGES;
                float[] pixels = Nets.pixels(spec, IMAGE, images, 3);
                int[] labels = Nets.labels(spec, images, 4);
                loss = replica.forwardBackward(pixels, labels, images, images, new BatchPosition(1, step, 3))
                                .lossSum()
                        / images;
                if (step + 1 < steps) {
                    replica.nesterovStep(0.02, 0.9, 1e-4);
                }
            }
            return new Trained(
                    loss,
                    boxed(replica.gradients().toFloats()),
                    boxed(replica.parameters().toFloats()));
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void everyRecomputeLevelGivesTheSameBits(DenseNetSpec spec) {
        Trained kept = train(spec, RecomputeLevel.NONE, Device.cuda(0), Precision.BF16, 4);

        for (RecomputeLevel level : List.of(RecomputeLevel.ACTIVATIONS, RecomputeLevel.BOTTLENECK)) {
            Trained again = train(spec, level, Device.cuda(0), Precision.BF16, 4);
            assertThat(again.loss()).isEqualTo(kept.loss());
            assertThat(again.gradients()).isEqualTo(kept.gradients());
            assertThat(again.parameters()).isEqualTo(kept.parameters());
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aStepIsThatOfSinglePrecisionButForRounding(DenseNetSpec spec) {
        Trained cpu = train(spec, RecomputeLevel.ACTIVATIONS, Device.CPU, Precision.FP32, 1);
        Trained gpu = train(spec, RecomputeLevel.ACTIVATIONS, Device.cuda(0), Precision.BF16, 1);

        assertThat(gpu.loss()).isEqualTo(cpu.loss(), within(0.02 * cpu.loss()));
        // Rounding turns the signs of some that are near zero, and norms over few pixels make much of it.
        assertThat(cosine(gpu.gradients(), cpu.gradients())).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @MethodSource("specs")
    @Tag("slow")
    void itLearnsAsFastAsInSinglePrecision(DenseNetSpec spec) {
        double first = train(spec, RecomputeLevel.ACTIVATIONS, Device.CPU, Precision.FP32, 1)
                .loss();
        double cpu = train(spec, RecomputeLevel.ACTIVATIONS, Device.CPU, Precision.FP32, 12)
                .loss();
        double gpu = train(spec, RecomputeLevel.ACTIVATIONS, Device.cuda(0), Precision.BF16, 12)
                .loss();

        assertThat(cpu).isLessThan(0.8 * first);
        assertThat(gpu).isEqualTo(cpu, within(0.1 * first));
    }

    @Test
    void aGpuWithoutBfloatIsRefusedWithWhatToTake() {
        FakeCuda.set("CAPABILITY", 75);

        assertThatThrownBy(() -> Cuda.open(Device.cuda(0), Precision.BF16))
                .isInstanceOf(CudaException.class)
                .hasMessage(
                        "cuda:0 has compute capability 7.x, whose products have no bfloat16: take precision tf32 or fp32, "
                                + "or a GPU of compute capability 8.0 (Ampere) or higher");
    }

    private static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>();
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    private static double cosine(List<Float> a, List<Float> b) {
        double product = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.size(); i++) {
            product += (double) a.get(i) * b.get(i);
            ofA += (double) a.get(i) * a.get(i);
            ofB += (double) b.get(i) * b.get(i);
        }
        return product / Math.sqrt(ofA * ofB);
    }
}
