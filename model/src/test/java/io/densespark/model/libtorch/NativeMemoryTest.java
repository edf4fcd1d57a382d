package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.ModelException;
import io.densespark.model.kernels.Backend;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.JavaProcess;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Precision;
import io.densespark.model.tensor.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Native memory is freed by whoever allocated it, never by the garbage collector. */
class NativeMemoryTest {
    private static final DenseNetSpec SPEC = Nets.spec(2, 3, 3, List.of(2, 1));
    private static final ImageShape IMAGE = new ImageShape(6, 5);
    private static final int BATCH = 4;
    private static final float[] PIXELS = Nets.pixels(SPEC, IMAGE, BATCH, 1);
    private static final int[] LABELS = Nets.labels(SPEC, BATCH, 2);

    private static void step(Replica replica) {
        replica.forwardBackward(PIXELS, LABELS, BATCH, BATCH, Nets.AT_START);
        replica.nesterovStep(0.01, 0.9, 1e-4);
        replica.evaluate(PIXELS, LABELS, 3);
    }

    private static void requireThatStepsLeaveNothing(Replica replica) {
        step(replica);
        long pointers = LibTorch.livePointers();
        long bytes = LibTorch.liveBytes();
        for (int step = 0; step < 250; step++) {
            step(replica);
            assertThat(LibTorch.livePointers()).isEqualTo(pointers);
        }
        assertThat(LibTorch.liveBytes()).isEqualTo(bytes);
    }

    @BeforeEach
    void countThisTestOnly() throws InterruptedException {
        NativeGarbage.collect();
    }

    @Test
    void stepsLeaveNoPointersBehind() {
        for (RecomputeLevel level : RecomputeLevel.values()) {
            try (Replica replica = Nets.replica(SPEC, IMAGE, BATCH, level, 2)) {
                Nets.initialize(replica, 1, 1);
                requireThatStepsLeaveNothing(replica);
            }
        }
    }

    @Test
    void aClosedReplicaLeavesNoPointersBehind() {
        long pointers = LibTorch.livePointers();
        long bytes = LibTorch.liveBytes();
        for (int i = 0; i < 3; i++) {
            Replica replica = Nets.replica(SPEC, IMAGE, BATCH, RecomputeLevel.ACTIVATIONS, 2);
            assertThat(LibTorch.livePointers()).isGreaterThan(pointers);
            Nets.initialize(replica, 1, 1);
            step(replica);
            replica.close();
            replica.close();
            assertThat(LibTorch.livePointers()).isEqualTo(pointers);
            assertThat(LibTorch.liveBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void aReplicaOfBfloatLeavesNoPointersBehindNorDoItsSteps() {
        long before = LibTorch.livePointers();
        ReplicaSettings settings =
                new ReplicaSettings(SPEC, IMAGE, BATCH, RecomputeLevel.ACTIVATIONS, 2, Device.CPU, Precision.BF16);
        try (Backend cpu = LibTorch.open(Precision.BF16);
                Replica replica = Replica.create(settings, cpu)) {
            Nets.initialize(replica, 1, 1);
            requireThatStepsLeaveNothing(replica);
        }
        assertThat(LibTorch.livePointers()).isEqualTo(before);
    }

    @Test
    void anAllocationThatFailsLeavesNoPointersBehind() {
        long pointers = LibTorch.livePointers();
        assertThatThrownBy(() -> LibTorch.open().allocate(ElementType.DOUBLE, 1L << 46))
                .isInstanceOf(ModelException.class);
        assertThat(LibTorch.livePointers()).isEqualTo(pointers);
    }

    @Test
    @Tag("slow")
    void residentMemoryIsFlat() throws Exception {
        // A heap that is all there from the beginning doesn't grow, whatever ran in a JVM before.
        String[] pages = JavaProcess.run(NativeMemoryTest.class, List.of("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch"))
                .strip()
                .lines()
                .reduce((first, last) -> last)
                .orElseThrow()
                .split(" ", -1);

        double early = Double.parseDouble(pages[0]);
        assertThat(Double.parseDouble(pages[1])).isCloseTo(early, within(0.05 * early));
    }

    /** Steps in a JVM of their own; prints the resident pages after the hundredth and after the last. */
    public static void main(String[] arguments) throws IOException {
        ImageShape image = new ImageShape(32, 32);
        float[] pixels = Nets.pixels(SPEC, image, 32, 1);
        int[] labels = Nets.labels(SPEC, 32, 2);
        try (Replica replica = Nets.replica(SPEC, image, 32, RecomputeLevel.BOTTLENECK, 2)) {
            Nets.initialize(replica, 1, 1);
            long early = 0;
            for (int step = 1; step <= 500; step++) {
                replica.forwardBackward(pixels, labels, 32, 32, Nets.AT_START);
                replica.nesterovStep(0.01, 0.9, 1e-4);
                if (step == 100) {
                    early = residentPages();
                }
            }
            System.out.println(early + " " + residentPages());
        }
    }

    @Test
    @Tag("slow")
    void memoryBeyondWhatAJavaBufferReachesIsReadAndWrittenAllTheSame() {
        long elements = Integer.MAX_VALUE / 4 + 10L;
        try (Storage storage = LibTorch.open().allocate(ElementType.FLOAT, elements)) {
            storage.write(elements - 2, new float[] {9, 1, 2}, 1, 2);
            float[] last = new float[4];
            storage.read(elements - 3, last, 1, 3);
            assertThat(last).containsExactly(0, 0, 1, 2);
            assertThatThrownBy(storage::floats).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    private static long residentPages() throws IOException {
        String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
        return Long.parseLong(pages[1]);
    }

    @Test
    void doublesAndFloatsDontMix() {
        try (Storage doubles = LibTorch.open().allocate(ElementType.DOUBLE, 4)) {
            doubles.write(1, new double[] {1e-300, -0.0, 9}, 2);
            double[] read = new double[4];
            doubles.read(0, read, 4);
            assertThat(read).containsExactly(0, 1e-300, -0.0, 0);
            assertThatThrownBy(doubles::floats).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> doubles.read(0, new float[1], 0, 1)).isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> doubles.read(3, read, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }
}
