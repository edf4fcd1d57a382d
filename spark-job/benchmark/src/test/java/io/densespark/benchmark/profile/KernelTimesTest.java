package io.densespark.benchmark.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.BufferId;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.PlannedBuffer;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class KernelTimesTest {
    private static final int ROWS = 32;

    private final Storage storage = storage();

    /** A storage that is only asked for its size. */
    private static Storage storage() {
        return (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(),
                new Class<?>[] {Storage.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "type" -> ElementType.FLOAT;
                    case "elements" -> 1_000_000L;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Matrix matrix(int rows, int columns) {
        return Matrix.contiguous(storage, rows, columns);
    }

    private Vector vector(int length) {
        return new Vector(storage, 0, length);
    }

    @Test
    void aProductDoesTwoOperationsARowAndWeight() {
        KernelWork work = KernelWork.of(matrix(ROWS, 6), vector(6 * 8), matrix(ROWS, 8));

        assertThat(work.flops()).isEqualTo(2L * ROWS * 48);
        assertThat(work.bytes()).isEqualTo(4L * ROWS * (6 + 8));
    }

    @Test
    void itsBackwardPassIsTwoProducts() {
        KernelWork work = KernelWork.of(matrix(ROWS, 8), matrix(ROWS, 6), vector(48), matrix(ROWS, 6), vector(48));

        assertThat(work.flops()).isEqualTo(2 * 2L * ROWS * 48);
    }

    @Test
    void aVectorWithAValueAColumnIsNoWeight() {
        assertThat(KernelWork.of(matrix(ROWS, 6), vector(6), matrix(ROWS, 6)).flops())
                .isZero();
    }

    @Test
    void aConvolutionCountsItsTapsAndAGradientMoreOneMoreProduct() {
        Vector weight = vector(4 * 9 * 3);
        Convolution convolution = new Convolution(2, new ImageShape(4, 4), 3, 4, 3, 1, weight);

        assertThat(KernelWork.of(convolution, matrix(ROWS, 3), matrix(ROWS, 4)).flops())
                .isEqualTo(2L * ROWS * 108);
        assertThat(KernelWork.of(convolution, matrix(ROWS, 4), matrix(ROWS, 3), matrix(ROWS, 3), weight)
                        .flops())
                .isEqualTo(2 * 2L * ROWS * 108);
    }

    @Test
    void vectorsCountWhereThereIsNoMatrix() {
        KernelWork work = KernelWork.of(vector(10), vector(10), 0.1);

        assertThat(work.bytes()).isEqualTo(80);
    }

    @Test
    void whatAConvolutionLendsIsAProductAsWell() {
        Vector weight = vector(4 * 9 * 3);
        Convolution convolution = new Convolution(2, new ImageShape(4, 4), 3, 4, 3, 1, weight);
        Consumer<Matrix> lent = matrix -> {};

        assertThat(KernelWork.of(convolution, matrix(ROWS, 3), lent).flops()).isEqualTo(2L * ROWS * 108);
        assertThat(KernelWork.of(convolution, matrix(ROWS, 4), matrix(ROWS, 3), weight, lent)
                        .flops())
                .isEqualTo(2 * 2L * ROWS * 108);
    }

    @Test
    void buffersTellThePartOfTheNetworkAndSharedOnesKeepIt() {
        MemoryPlan plan = MemoryPlan.of(new ReplicaSettings(
                DenseNetSpec.bc(10, 2, 3, 10), new ImageShape(8, 8), 4, RecomputeLevel.NONE, 1, Device.CPU));
        NetworkParts parts = new NetworkParts(plan);
        Map<BufferId, Storage> storages = new HashMap<>();
        for (PlannedBuffer buffer : plan.buffers()) {
            storages.put(buffer.id(), storage());
            parts.allocated(storages.get(buffer.id()));
        }

        assertThat(parts.of(on(storages.get(BufferRole.IMAGES.id())), "before")).isEqualTo("stem");
        assertThat(parts.of(on(storages.get(BufferRole.FEATURES.of(1))), "before"))
                .isEqualTo("block 2");
        assertThat(parts.of(on(storages.get(BufferRole.BOTTLENECK_OUTPUT.of(2, 0))), "before"))
                .isEqualTo("block 3");
        assertThat(parts.of(on(storages.get(BufferRole.LOGITS.id())), "before")).isEqualTo("head");
        assertThat(parts.of(on(storages.get(BufferRole.ACCUMULATED.id())), "before"))
                .isEqualTo("before");
        assertThat(parts.of(on(storage()), "before")).isEqualTo("before");
    }

    private static Object[] on(Storage storage) {
        return new Object[] {1, Matrix.contiguous(storage, 2, 2)};
    }

    @Test
    void theLinesOfAProfileAndTheRestAddUpToTheStep() {
        List<KernelTime> times = List.of(
                new KernelTime("multiply", "block-1", true, 40, 8, 4_000_000_000L, 80_000_000_000L),
                new KernelTime("multiply", "block-2", true, 40, 4, 1_000_000_000L, 20_000_000_000L),
                new KernelTime("mergeMoments", "-", false, 20, 1, 0, 0));
        ProfileTable table = new ProfileTable(times, 10, 2, 1.0);

        String text = table.print("densespark");

        // (8 + 4) / 2 workers + 1 on one thread, over 10 steps: 0.7 of 1 s.
        assertThat(table.outsideSeconds()).isCloseTo(0.3, within(1e-12));
        assertThat(words(text, "multiply block-1"))
                .containsExactly("multiply", "block-1", "4", "400.00", "40.0%", "20.0", "1.0");
        assertThat(words(text, "multiply all"))
                .containsExactly("multiply", "all", "8", "600.00", "60.0%", "16.7", "0.8");
        assertThat(words(text, "mergeMoments -")).containsExactly("mergeMoments", "-", "2", "100.00", "10.0%");
        assertThat(words(text, "all block-2")).containsExactly("all", "block-2", "4", "200.00", "20.0%", "10.0", "0.5");
        assertThat(words(text, "outside kernels")).containsExactly("outside", "kernels", "300.00", "30.0%");
    }

    private static List<String> words(String text, String start) {
        return text.lines()
                .map(line -> line.strip().replaceAll(" +", " "))
                .filter(line -> line.startsWith(start + " "))
                .map(line -> List.of(line.split(" ", -1)))
                .findFirst()
                .orElseThrow();
    }
}
