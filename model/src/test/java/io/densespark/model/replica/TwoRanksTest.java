package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PortRange;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.libtorch.GlooProcessGroup;
import io.densespark.model.libtorch.Rendezvous;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.optimizer.Sgd;
import io.densespark.model.plan.RecomputeLevel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Two ranks, as two threads, against one thread that adds the gradients of two replicas by hand. */
class TwoRanksTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Endpoint LOOPBACK = new Endpoint("127.0.0.1", PortRange.ANY, TIMEOUT, TIMEOUT);
    private static final DenseNetSpec SPEC = Nets.spec(3, 4, 5, List.of(2, 2));
    private static final ImageShape IMAGE = new ImageShape(6, 6);
    private static final int SHARE = 4;
    private static final Sgd SGD = new Sgd(0.1, 0.9, 1e-4);

    /** Images of the two ranks, step by step: full batches, an uneven one, one too short for rank 1. */
    private static final int[][] STEPS = {{4, 4}, {4, 4}, {4, 3}, {4, 4}, {3, 0}};

    @Test
    void twoRanksHaveTheWeightsOfOneProcessThatAddsTheirGradients() throws Exception {
        CompletableFuture<String> address = new CompletableFuture<>();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<float[]> first = threads.submit(() -> {
                try (Rendezvous rendezvous = Rendezvous.serve(LOOPBACK)) {
                    address.complete(rendezvous.address());
                    return train(rendezvous, 0);
                }
            });
            Callable<float[]> other = () -> {
                try (Rendezvous rendezvous = Rendezvous.connect(address.get(), TIMEOUT, TIMEOUT)) {
                    return train(rendezvous, 1);
                }
            };
            Future<float[]> second = threads.submit(other);

            float[] byHand = trainBothByHand();

            assertThat(first.get()).isEqualTo(byHand);
            assertThat(second.get()).isEqualTo(byHand);
        } finally {
            threads.shutdownNow();
        }
    }

    private static float[] train(Rendezvous rendezvous, int rank) {
        try (ProcessGroup group = GlooProcessGroup.join(rendezvous, rank, 2, LOOPBACK, () -> false);
                Replica replica = replica()) {
            for (int step = 0; step < STEPS.length; step++) {
                pass(replica, step, rank);
                group.sum(replica.gradients());
                SGD.step(replica, 0.1);
            }
            return replica.parameters().toFloats();
        }
    }

    private static float[] trainBothByHand() {
        try (Replica a = replica();
                Replica b = replica()) {
            for (int step = 0; step < STEPS.length; step++) {
                pass(a, step, 0);
                pass(b, step, 1);
                float[] sum = sum(a, b);
                a.gradients().set(sum);
                b.gradients().set(sum);
                SGD.step(a, 0.1);
                SGD.step(b, 0.1);
            }
            assertThat(a.parameters().toFloats()).isEqualTo(b.parameters().toFloats());
            return a.parameters().toFloats();
        }
    }

    @Test
    void everyExampleWeighsTheSameHoweverTheBatchIsShared() {
        int step = 2;
        int all = STEPS[step][0] + STEPS[step][1];
        try (Replica a = replica();
                Replica b = replica()) {
            pass(a, step, 0);
            pass(b, step, 1);
            float[] mean = sum(a, b);
            // The gradients of the summed losses, each under its own rank's batch statistics.
            pass(a, step, 0, 1);
            pass(b, step, 1, 1);
            float[] scaled = sum(a, b);
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] /= all;
            }
            assertThat(Nets.error(mean, scaled)).isLessThan(1e-6);
        }
    }

    @Test
    void theLossesOfTheRanksAddUpToThatOfTheBatch() {
        try (Replica a = replica()) {
            BatchResult result = pass(a, 2, 0).plus(pass(a, 2, 1)).plus(pass(a, 4, 1));
            assertThat(result.examples()).isEqualTo(7);
            assertThat(result.lossSum())
                    .isEqualTo(pass(a, 2, 0).lossSum() + pass(a, 2, 1).lossSum());
        }
    }

    private static Replica replica() {
        Replica replica = Nets.replica(SPEC, IMAGE, SHARE, RecomputeLevel.ACTIVATIONS, 2);
        Nets.initialize(replica, 11, 1, 0.5f);
        return replica;
    }

    private static BatchResult pass(Replica replica, int step, int rank) {
        return pass(replica, step, rank, STEPS[step][0] + STEPS[step][1]);
    }

    private static BatchResult pass(Replica replica, int step, int rank, int globalImages) {
        int images = STEPS[step][rank];
        float[] pixels = Nets.pixels(SPEC, IMAGE, images, 10 * step + rank);
        return replica.forwardBackward(
                pixels, Nets.labels(SPEC, images, 10 * step + rank), images, globalImages, Nets.AT_START);
    }

    private static float[] sum(Replica a, Replica b) {
        float[] sum = a.gradients().toFloats();
        float[] other = b.gradients().toFloats();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other[i];
        }
        return sum;
    }
}
