package io.densespark.model.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.ImageShape;
import io.densespark.model.replica.Nets;
import io.densespark.model.tensor.AllocationException;
import io.densespark.model.tensor.Allocator;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaMemoryTest {
    private static final MemoryPlan PLAN = MemoryPlan.of(new ReplicaSettings(
            Nets.spec(1, 2, 3, List.of(1, 1)), new ImageShape(4, 4), 2, RecomputeLevel.NONE, 2, Device.CPU));

    @Test
    void whatCantBeAllocatedFreesAllThatWas() {
        Allocator library = LibTorch.open();
        List<Storage> given = new ArrayList<>();
        Allocator small = (type, elements) -> {
            if (given.size() == 10) {
                // More than any machine has: the library itself refuses.
                return library.allocate(ElementType.DOUBLE, 1L << 46);
            }
            given.add(library.allocate(type, elements));
            return given.get(given.size() - 1);
        };
        assertThatThrownBy(() -> ReplicaMemory.allocate(PLAN, small))
                .isInstanceOf(AllocationException.class)
                .hasMessageStartingWith("no memory for " + (1L << 49) + " bytes on cpu (")
                .hasMessageEndingWith("): use a smaller batch or more replicas");
        assertThat(given).hasSize(10);
        given.forEach(storage -> assertThatThrownBy(storage::zero).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void everyCopyOfABufferIsItsOwnAndZero() {
        try (ReplicaMemory memory = ReplicaMemory.allocate(PLAN, LibTorch.open())) {
            for (PlannedBuffer buffer : PLAN.buffers()) {
                for (int copy = 0; copy < buffer.copies(); copy++) {
                    Storage storage = memory.copies(buffer.id()).get(copy);
                    assertThat(storage.bytes()).isEqualTo(buffer.bytesOfCopy());
                    assertThat(storage.type()).isEqualTo(buffer.type());
                }
            }
            List<Storage> averaged = memory.copies(BufferRole.AVERAGED.id());
            averaged.get(0).write(0, new float[] {1}, 0, 1);
            assertThat(new Vector(averaged.get(1), 0, 7).toFloats()).containsOnly(0);
            assertThat(memory.bytes()).isEqualTo(PLAN.bufferBytes());
            assertThatThrownBy(() -> memory.copies(BufferRole.FEATURES.of(2)))
                    .hasMessageContaining("block 3: features");
        }
    }

    @Test
    void viewsBeyondTheirStorageAreRefused() {
        try (Storage storage = LibTorch.open().allocate(ElementType.FLOAT, 12)) {
            assertThat(new Matrix(storage, 1, 3, 3, 4).isContiguous()).isFalse();
            assertThatThrownBy(() -> new Matrix(storage, 2, 3, 3, 4)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> new Matrix(storage, 0, 1, 3, 2)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Matrix.contiguous(storage, 3, 4).columns(2, 3))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> new Vector(storage, 5, 8)).isInstanceOf(IndexOutOfBoundsException.class);
            Vector vector = new Vector(storage, 5, 7);
            assertThatThrownBy(() -> vector.slice(3, 5)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> vector.set(new float[6])).hasMessageContaining("7 elements can't take 6");
        }
    }
}
