package io.densespark.model.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.StemKind;
import io.densespark.model.tensor.Device;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept, and where the rest goes. */
class RecomputeLevelTest {
    private static final List<BufferId> CHOSEN = List.of(
            BufferRole.STEM_NORMALIZED.id(),
            BufferRole.NORMALIZED_FEATURES.of(1),
            BufferRole.NORMALIZED_INPUT.of(1, 0),
            BufferRole.NORMALIZED_BOTTLENECK.of(1, 0),
            BufferRole.BOTTLENECK_OUTPUT.of(1, 0));

    @Test
    void noRecomputationKeepsAll() {
        assertThat(CHOSEN)
                .allSatisfy(id -> assertThat(RecomputeLevel.NONE.place(id)).isEqualTo(id));
    }

    @Test
    void activationsAreNormalizedInScratchUnlessTheyAreKept() {
        assertThat(CHOSEN.subList(0, 4)).allSatisfy(id -> {
            BufferId piece = BufferRole.NORMALIZED_PIECE.id();
            assertThat(RecomputeLevel.ACTIVATIONS.place(id)).isEqualTo(piece);
            assertThat(RecomputeLevel.BOTTLENECK.place(id)).isEqualTo(piece);
        });
    }

    @Test
    void aBottleneckIsSharedOnlyWhereItIsRecomputed() {
        BufferId output = BufferRole.BOTTLENECK_OUTPUT.of(1, 0);
        assertThat(RecomputeLevel.ACTIVATIONS.place(output)).isEqualTo(output);
        assertThat(RecomputeLevel.BOTTLENECK.place(output)).isEqualTo(BufferRole.SHARED_BOTTLENECK.id());
    }

    @ParameterizedTest
    @EnumSource(RecomputeLevel.class)
    void thePlanHasThePlaceOfEachAndNoOther(RecomputeLevel level) {
        DenseNetSpec spec = new DenseNetSpec(3, 5, 4, List.of(2, 2), StemKind.IMAGENET, 8, 0.5, 4, 0);
        ReplicaSettings settings = new ReplicaSettings(spec, new ImageShape(32, 32), 2, level, 1, Device.CPU);
        List<BufferId> planned = MemoryPlan.of(settings).buffers().stream()
                .map(PlannedBuffer::id)
                .toList();
        for (BufferId id : CHOSEN) {
            assertThat(planned).contains(level.place(id));
            assertThat(planned.contains(id)).isEqualTo(level.keeps(id.role()));
        }
    }

    @Test
    void namesCountBlocksAndLayersFromOne() {
        assertThat(BufferRole.LOGITS.id()).hasToString("logits");
        assertThat(BufferRole.FEATURES.of(0)).hasToString("block 1: features");
        assertThat(BufferRole.BOTTLENECK_OUTPUT.of(2, 9)).hasToString("block 3, layer 10: bottleneck output");
    }

    @Test
    void aBufferOfABlockOrLayerIsNamedWithIt() {
        assertThatThrownBy(BufferRole.FEATURES::id).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BufferRole.LOGITS.of(0)).hasMessageContaining("no block 0 has LOGITS");
        assertThatThrownBy(() -> BufferRole.FEATURES.of(0, 0)).hasMessageContaining("no layer 0 has FEATURES");
        assertThatThrownBy(() -> BufferRole.NORMALIZED_INPUT.of(0)).hasMessageContaining("no layer -1");
    }
}
