package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.optimizer.Sgd;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Replica;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.StateDictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The benchmark's baseline takes the replica's steps, so that both do the same work. */
class NaiveDenseNetTest {
    private static final ImageShape IMAGE = new ImageShape(17, 16);
    private static final int IMAGES = 4;

    @Test
    void itsLossesAreTheReplicasStepByStep() {
        for (DenseNetSpec kind : Nets.ofEveryKind()) {
            DenseNetSpec spec = kind.withDropout(0);
            float[] pixels = Nets.pixels(spec, IMAGE, IMAGES, 1);
            int[] labels = Nets.labels(spec, IMAGES, 2);
            Sgd sgd = new Sgd(0.01, 0.9, 1e-4);
            try (Replica replica = Nets.replica(spec, IMAGE, IMAGES, RecomputeLevel.ACTIVATIONS, 2)) {
                Nets.initialize(replica, 3, 1);
                Map<String, NamedTensor> state = StateDictionary.capture(replica);
                try (NaiveDenseNet naive = NaiveDenseNet.create(spec, state, true)) {
                    for (int step = 0; step < 4; step++) {
                        double loss = replica.forwardBackward(pixels, labels, IMAGES, IMAGES, Nets.AT_START)
                                        .lossSum()
                                / IMAGES;
                        sgd.step(replica, 0.01);
                        assertThat(naive.step(pixels, labels, IMAGES, IMAGE, 0.01, 0.9, 1e-4))
                                .isCloseTo(loss, within(1e-4 * (1 + loss)));
                    }
                }
            }
        }
    }

    @Test
    void closingItLeavesNothingInNativeMemory() throws InterruptedException {
        NativeGarbage.collect();
        DenseNetSpec spec = Nets.spec(3, 5, 4, List.of(1, 1));
        Map<String, NamedTensor> state = new HashMap<>();
        try (Replica replica = Nets.replica(spec, IMAGE, 1, RecomputeLevel.NONE, 1)) {
            state.putAll(StateDictionary.capture(replica));
        }
        long before = LibTorch.livePointers();
        try (NaiveDenseNet naive = NaiveDenseNet.create(spec, state, false)) {
            naive.step(Nets.pixels(spec, IMAGE, 2, 1), new int[] {0, 1}, 2, IMAGE, 0.1, 0.9, 0);
        }
        assertThat(LibTorch.livePointers()).isEqualTo(before);
    }

    @Test
    void aNetworkWithDropoutIsRefused() {
        DenseNetSpec spec = Nets.spec(3, 5, 4, List.of(1)).withDropout(0.1);

        assertThatThrownBy(() -> NaiveDenseNet.create(spec, Map.of(), false))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("without dropout");
    }
}
