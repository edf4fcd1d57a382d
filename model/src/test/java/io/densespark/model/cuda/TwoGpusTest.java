package io.densespark.model.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.densespark.model.cuda.FakeRanks.Rank;
import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.optimizer.Sgd;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two ranks on a fake GPU each, against two replicas on the CPU whose gradients are added by hand. */
class TwoGpusTest {
    private static final DenseNetSpec SPEC = Nets.spec(3, 4, 5, List.of(2, 2));
    private static final ImageShape IMAGE = new ImageShape(6, 6);
    private static final int SHARE = 4;
    private static final Sgd SGD = new Sgd(0.1, 0.9, 1e-4);

    /** Images of the two ranks: full batches, an uneven one, one too short for rank 1. */
    private static final int[][] STEPS = {{4, 4}, {4, 3}, {3, 0}};

    @BeforeAll
    static void needsTheFake() {
        assumeTrue(FakeCuda.load(), "needs a C++ compiler");
        FakeCuda.set("DEVICES", 2);
    }

    @AfterAll
    static void leaveOneDevice() {
        if (FakeCuda.load()) {
            FakeCuda.set("DEVICES", 1);
            FakeCuda.set("ASYNC", 0);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void twoGpusHaveTheWeightsOfTwoReplicasOnTheCpu(long asynchronous) throws Exception {
        FakeCuda.set("ASYNC", asynchronous);
        Rank<float[]> body = (group, gpu) -> {
            try (Replica replica = replica(Device.cuda(group.rank()), gpu)) {
                for (int step = 0; step < STEPS.length; step++) {
                    pass(replica, step, group.rank());
                    group.sum(replica.gradients());
                    SGD.step(replica, 0.1);
                }
                return replica.parameters().toFloats();
            }
        };
        List<Future<float[]>> ranks = new FakeRanks(Duration.ofSeconds(30)).start(body, body);

        float[] byHand = trainBothByHand();

        assertThat(Nets.error(ranks.get(0).get(), byHand)).isLessThan(1e-5);
        assertThat(ranks.get(1).get()).isEqualTo(ranks.get(0).get());
    }

    private static float[] trainBothByHand() {
        try (Replica a = replica(Device.CPU, LibTorch.open(Device.CPU));
                Replica b = replica(Device.CPU, LibTorch.open(Device.CPU))) {
            for (int step = 0; step < STEPS.length; step++) {
                pass(a, step, 0);
                pass(b, step, 1);
                float[] sum = a.gradients().toFloats();
                float[] other = b.gradients().toFloats();
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += other[i];
                }
                a.gradients().set(sum);
                b.gradients().set(sum);
                SGD.step(a, 0.1);
                SGD.step(b, 0.1);
            }
            return a.parameters().toFloats();
        }
    }

    private static Replica replica(Device device, Backend backend) {
        ReplicaSettings settings = new ReplicaSettings(SPEC, IMAGE, SHARE, RecomputeLevel.ACTIVATIONS, 1, device);
        Replica replica = Replica.create(settings, backend);
        Nets.initialize(replica, 11, 1, 0.5f);
        return replica;
    }

    private static void pass(Replica replica, int step, int rank) {
        int images = STEPS[step][rank];
        int all = STEPS[step][0] + STEPS[step][1];
        long seed = 10L * step + rank;
        float[] pixels = Nets.pixels(SPEC, IMAGE, images, seed);
        replica.forwardBackward(pixels, Nets.labels(SPEC, images, seed), images, all, Nets.AT_START);
    }
}
