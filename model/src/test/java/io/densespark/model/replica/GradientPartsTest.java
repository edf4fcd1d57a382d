package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Vector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The backward pass in parts against the same at once. */
class GradientPartsTest {
    private static final ImageShape IMAGE = new ImageShape(32, 32);
    private static final int BATCH = 5;
    private static final float[] UNWEIGHTED = {};

    @ParameterizedTest
    @EnumSource(RecomputeLevel.class)
    void eachPartIsFinalWhenItIsHeardOfAndAllAreTheWholeFromItsEndOn(RecomputeLevel level) {
        for (DenseNetSpec spec : Nets.ofEveryKind()) {
            // A batch that is short, and one that isn't.
            for (int images : new int[] {BATCH - 2, BATCH}) {
                try (Replica replica = Nets.replica(spec, IMAGE, BATCH, level, 2)) {
                    Nets.initialize(replica, 3, 1);
                    float[] pixels = Nets.pixels(spec, IMAGE, images, 1);
                    int[] labels = Nets.labels(spec, images, 2);
                    BatchResult expected = replica.forwardBackward(pixels, labels, images, 7, Nets.AT_START);
                    float[] whole = replica.gradients().toFloats();

                    List<float[]> heard = new ArrayList<>();
                    List<Vector> parts = new ArrayList<>();
                    StartedPass pass =
                            replica.begin(Pixels.of(pixels), labels, UNWEIGHTED, images, 7, Nets.AT_START, part -> {
                                parts.add(part);
                                heard.add(part.toFloats());
                            });

                    assertThat(pass.await().result()).isEqualTo(expected);
                    assertThat(replica.gradients().toFloats()).isEqualTo(whole);
                    assertThat(parts).hasSize(spec.blocks().size());
                    assertThat(joined(parts, heard, whole.length)).isEqualTo(whole);
                }
            }
        }
    }

    private static float[] joined(List<Vector> parts, List<float[]> values, int length) {
        float[] all = new float[length];
        long end = length;
        for (int i = 0; i < parts.size(); i++) {
            Vector part = parts.get(i);
            assertThat(part.offset() + part.length()).isEqualTo(end);
            System.arraycopy(values.get(i), 0, all, (int) part.offset(), part.length());
            end = part.offset();
        }
        assertThat(end).isZero();
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void withoutImagesThePartsAreTheSameAndZero(int workers) {
        DenseNetSpec spec = Nets.spec(3, 4, 5, List.of(2, 2, 1));
        try (Replica replica = Nets.replica(spec, IMAGE, BATCH, RecomputeLevel.ACTIVATIONS, workers)) {
            Nets.initialize(replica, 3, 1);
            List<Long> offsets = new ArrayList<>();
            float[] pixels = Nets.pixels(spec, IMAGE, BATCH, 1);
            replica.begin(
                    Pixels.of(pixels),
                    Nets.labels(spec, BATCH, 2),
                    UNWEIGHTED,
                    BATCH,
                    BATCH,
                    Nets.AT_START,
                    part -> offsets.add(part.offset()));

            List<Long> empty = new ArrayList<>();
            StartedPass pass =
                    replica.begin(Pixels.of(new float[0]), new int[0], UNWEIGHTED, 0, BATCH, Nets.AT_START, part -> {
                        assertThat(part.toFloats()).containsOnly(0);
                        empty.add(part.offset());
                    });

            assertThat(pass.await().result()).isEqualTo(BatchResult.EMPTY);
            assertThat(empty).isEqualTo(offsets).hasSize(3);
        }
    }
}
