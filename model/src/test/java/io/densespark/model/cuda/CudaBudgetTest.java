package io.densespark.model.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.densespark.model.collective.SingleReplica;
import io.densespark.model.kernels.Backend;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.BatchPosition;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Pixels;
import io.densespark.model.replica.Replica;
import io.densespark.model.replica.StepOutcome;
import io.densespark.model.replica.TrainingSteps;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a training step on a GPU may cost, counted on the fake one. */
class CudaBudgetTest {
    private static final DenseNetSpec BC_100 = DenseNetSpec.bc(100, 12, 3, 10);
    private static final ImageShape IMAGE = new ImageShape(8, 8);
    private static final int IMAGES = 2;

    @BeforeEach
    void openTheFake() {
        assumeTrue(FakeCuda.load(), "needs a C++ compiler");
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aStepOfDenseNetBc100IsOneGraphAndWaitsForTheOutcomeOfTheLastOneOnly(Precision precision) throws IOException {
        List<StepOutcome> outcomes = new ArrayList<>();
        try (Backend backend = Cuda.open(Device.cuda(0), precision);
                SingleReplica group = new SingleReplica();
                Replica replica = Replica.create(settings(BC_100, RecomputeLevel.ACTIVATIONS, precision), backend)) {
            Nets.initialize(replica, 5, 1);
            TrainingSteps steps = new TrainingSteps(replica, backend.kernels(), group, outcomes::add);
            take(steps, replica);
            take(steps, replica);
            FakeCuda.clear();

            take(steps, replica);

            Map<String, Long> counts = FakeCuda.counts();
            assertThat(counts).containsEntry("graph.launches", 1L);
            assertThat(counts.get("graph.nodes")).isLessThanOrEqualTo(1300);
            assertThat(counts).doesNotContainKeys("streamSynchronize", "deviceSynchronize", "copy.pageable");
            assertThat(outcomes).hasSize(2);
            steps.finish();
            assertThat(outcomes).hasSize(3).allMatch(StepOutcome::areGradientsNumbers);
        } finally {
            FakeCuda.clear();
        }
    }

    @Test
    void dropoutIsPartOfTheGraph() throws IOException {
        DenseNetSpec spec = Nets.spec(3, 4, 5, List.of(2, 2)).withDropout(0.2);
        try (Backend backend = Cuda.open(Device.cuda(0), Precision.FP32);
                SingleReplica group = new SingleReplica();
                Replica replica = Replica.create(settings(spec, RecomputeLevel.BOTTLENECK, Precision.FP32), backend)) {
            Nets.initialize(replica, 5, 1);
            TrainingSteps steps = new TrainingSteps(replica, backend.kernels(), group, outcome -> {});
            for (int step = 0; step < 3; step++) {
                FakeCuda.clear();
                take(steps, replica);
            }
            assertThat(FakeCuda.counts()).containsEntry("graph.launches", 1L);
        } finally {
            FakeCuda.clear();
        }
    }

    @ParameterizedTest
    @CsvSource({"none, fp32", "activations, fp32", "bottleneck, fp32", "activations, bf16", "bottleneck, bf16"})
    void theDevicesMemoryIsNoMoreThanThePlan(String levelName, String precisionName) {
        RecomputeLevel level = RecomputeLevel.valueOf(levelName.toUpperCase(Locale.ROOT));
        Precision precision = Precision.valueOf(precisionName.toUpperCase(Locale.ROOT));
        for (DenseNetSpec spec : Nets.ofEveryKind()) {
            FakeCuda.clear();
            // Tests of devices that break off may have left some.
            long before = FakeCuda.count("memory.now");
            ReplicaSettings settings = settings(spec, level, precision);
            try (Backend backend = Cuda.open(Device.cuda(0), precision);
                    Replica replica = Replica.create(settings, backend)) {
                Nets.initialize(replica, 5, 1);
                step(spec, replica);
                step(spec, replica);
                replica.evaluate(Nets.pixels(spec, settings.image(), IMAGES, 1), Nets.labels(spec, IMAGES, 2), IMAGES);

                assertThat(FakeCuda.count("memory.peak") - before)
                        .isPositive()
                        .isLessThanOrEqualTo(MemoryPlan.of(settings).totalBytes());
            }
            assertThat(FakeCuda.count("memory.now")).isEqualTo(before);
        }
    }

    private static ReplicaSettings settings(DenseNetSpec spec, RecomputeLevel level, Precision precision) {
        ImageShape image = spec.equals(BC_100) ? IMAGE : new ImageShape(16, 16);
        return new ReplicaSettings(spec, image, IMAGES, level, 1, Device.cuda(0), precision);
    }

    private static void take(TrainingSteps steps, Replica replica) throws IOException {
        DenseNetSpec spec = replica.settings().spec();
        steps.take(
                Pixels.of(Nets.pixels(spec, replica.settings().image(), IMAGES, 3)),
                Nets.labels(spec, IMAGES, 4),
                new float[0],
                IMAGES,
                IMAGES,
                new BatchPosition(1, 0, 0),
                () -> replica.nesterovStep(0.1, 0.9, 1e-4));
    }

    private static void step(DenseNetSpec spec, Replica replica) {
        ImageShape image = replica.settings().image();
        float[] pixels = Nets.pixels(spec, image, IMAGES, 3);
        replica.forwardBackward(pixels, Nets.labels(spec, IMAGES, 4), IMAGES, IMAGES, new BatchPosition(1, 0, 0));
        replica.nesterovStep(0.1, 0.9, 1e-4);
    }
}
