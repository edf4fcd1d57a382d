package io.densespark.model.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.densespark.model.collective.PeerLostException;
import io.densespark.model.cuda.FakeRanks.Rank;
import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.optimizer.Sgd;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Pixels;
import io.densespark.model.replica.Replica;
import io.densespark.model.replica.StepOutcome;
import io.densespark.model.replica.TrainingSteps;
import io.densespark.model.tensor.Device;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two ranks on a fake GPU each, against two replicas on the CPU whose gradients are added by hand. */
class TwoGpusTest {
    private static final DenseNetSpec SPEC = Nets.spec(3, 4, 5, List.of(2, 2));
    private static final ImageShape IMAGE = new ImageShape(6, 6);
    private static final int SHARE = 4;
    private static final float[] UNWEIGHTED = {};
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
                List<StepOutcome> outcomes = new ArrayList<>();
                TrainingSteps steps = new TrainingSteps(replica, gpu.kernels(), group, outcomes::add);
                for (int step = 0; step < STEPS.length; step++) {
                    take(steps, replica, step, group.rank());
                    // Java is a step ahead.
                    assertThat(outcomes).hasSize(step);
                }
                steps.finish();
                assertThat(outcomes).hasSize(STEPS.length).allMatch(StepOutcome::areGradientsNumbers);
                for (int step = 0; step < STEPS.length; step++) {
                    StepOutcome outcome = outcomes.get(step);
                    assertThat(outcome.result().examples()).isEqualTo(STEPS[step][group.rank()]);
                    assertThat(outcome.globalImages()).isEqualTo(all(step));
                    assertThat(outcome.allReduceSeconds()).isNotNegative();
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
        try (Replica a = replica(Device.CPU, LibTorch.open());
                Replica b = replica(Device.CPU, LibTorch.open())) {
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

    /** The last block's gradients are the sum of both ranks' before a pass of the first block was started. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void theFirstSumIsDoneBeforeTheFirstBlocksBackwardPassBegins(long asynchronous) throws Exception {
        FakeCuda.set("ASYNC", asynchronous);
        float[] expected = gradientsByHand();
        Rank<float[]> body = (group, gpu) -> {
            try (Replica replica = replica(Device.cuda(group.rank()), gpu)) {
                List<float[]> sums = new ArrayList<>();
                replica.begin(
                        Pixels.of(pixels(0, group.rank())),
                        labels(0, group.rank()),
                        UNWEIGHTED,
                        SHARE,
                        all(0),
                        Nets.AT_START,
                        part -> {
                            group.begin(part).await();
                            sums.add(part.toFloats());
                        });
                return sums.get(0);
            }
        };
        for (Future<float[]> rank : new FakeRanks(Duration.ofSeconds(30)).start(body, body)) {
            float[] last = rank.get();
            float[] same = Arrays.copyOfRange(expected, expected.length - last.length, expected.length);
            assertThat(Nets.error(last, same)).isLessThan(1e-5);
        }
    }

    private static float[] gradientsByHand() {
        try (Replica replica = replica(Device.CPU, LibTorch.open())) {
            pass(replica, 0, 0);
            float[] sum = replica.gradients().toFloats();
            pass(replica, 0, 1);
            float[] other = replica.gradients().toFloats();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += other[i];
            }
            return sum;
        }
    }

    @Test
    void aLossThatIsNotFiniteOnOneRankIsSeenByBoth() throws Exception {
        FakeCuda.set("ASYNC", 1);
        Rank<Boolean> body = (group, gpu) -> {
            try (Replica replica = replica(Device.cuda(group.rank()), gpu)) {
                List<StepOutcome> outcomes = new ArrayList<>();
                TrainingSteps steps = new TrainingSteps(replica, gpu.kernels(), group, outcomes::add);
                float[] weights = {1, group.rank() == 1 ? Float.NaN : 1, 1, 1};
                steps.take(
                        Pixels.of(pixels(0, group.rank())),
                        labels(0, group.rank()),
                        weights,
                        SHARE,
                        all(0),
                        Nets.AT_START,
                        () -> SGD.step(replica, 0.1));
                steps.finish();
                assertThat(Double.isFinite(outcomes.get(0).result().lossSum())).isEqualTo(group.rank() == 0);
                return outcomes.get(0).areGradientsNumbers();
            }
        };
        for (Future<Boolean> rank : new FakeRanks(Duration.ofSeconds(30)).start(body, body)) {
            assertThat(rank.get()).isFalse();
        }
    }

    @Test
    void aRankThatLeavesWhileJavaIsAStepAheadIsNamed() throws Exception {
        FakeCuda.set("ASYNC", 1);
        Rank<List<StepOutcome>> leaver = (group, gpu) -> {
            List<StepOutcome> outcomes = new ArrayList<>();
            try (Replica replica = replica(Device.cuda(group.rank()), gpu)) {
                TrainingSteps steps = new TrainingSteps(replica, gpu.kernels(), group, outcomes::add);
                take(steps, replica, 0, group.rank());
                steps.finish();
                return outcomes;
            }
        };
        Rank<List<StepOutcome>> stayer = (group, gpu) -> {
            List<StepOutcome> outcomes = new ArrayList<>();
            try (Replica replica = replica(Device.cuda(group.rank()), gpu)) {
                TrainingSteps steps = new TrainingSteps(replica, gpu.kernels(), group, outcomes::add);
                take(steps, replica, 0, group.rank());
                assertThatThrownBy(() -> {
                            take(steps, replica, 1, group.rank());
                            take(steps, replica, 0, group.rank());
                            steps.finish();
                        })
                        .isInstanceOf(PeerLostException.class)
                        .hasMessageContaining("rank 1");
                return outcomes;
            }
        };
        List<Future<List<StepOutcome>>> ranks = new FakeRanks(Duration.ofSeconds(30)).start(stayer, leaver);
        // Whether the one that stays hears of its first step before it hears of the loss, depends.
        assertThat(ranks.get(0).get()).hasSizeLessThan(2).allMatch(StepOutcome::areGradientsNumbers);
        assertThat(ranks.get(1).get()).hasSize(1).allMatch(StepOutcome::areGradientsNumbers);
    }

    private static void take(TrainingSteps steps, Replica replica, int step, int rank) throws IOException {
        steps.take(
                Pixels.of(pixels(step, rank)),
                labels(step, rank),
                UNWEIGHTED,
                STEPS[step][rank],
                all(step),
                Nets.AT_START,
                () -> SGD.step(replica, 0.1));
    }

    private static void pass(Replica replica, int step, int rank) {
        replica.forwardBackward(pixels(step, rank), labels(step, rank), STEPS[step][rank], all(step), Nets.AT_START);
    }

    private static float[] pixels(int step, int rank) {
        return Nets.pixels(SPEC, IMAGE, STEPS[step][rank], 10L * step + rank);
    }

    private static int[] labels(int step, int rank) {
        return Nets.labels(SPEC, STEPS[step][rank], 10L * step + rank);
    }

    private static int all(int step) {
        return STEPS[step][0] + STEPS[step][1];
    }
}
