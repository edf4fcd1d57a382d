package io.densespark.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.libtorch.NativeGarbage;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.Inference;
import io.densespark.model.tensor.Device;
import io.densespark.spark.JobException;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A model's replica, and how much memory it takes. */
class ReplicaEngineTest {
    private static final int IMAGES = 7;
    private static final List<byte[]> PIXELS = TestModel.images(IMAGES, 9);
    private static final long MIB = 1 << 20;

    /** What an executor on YARN needs beside its replicas. */
    private static final long JAVA_MIB = 320;

    private static JavaSparkContext sc;
    private static ModelContent content;

    @BeforeAll
    static void start() {
        sc = new JavaSparkContext(
                new SparkConf().setMaster("local[1]").setAppName("replica").set("spark.ui.enabled", "false"));
        content = BroadcastModel.of(sc.sc(), TestModel.folder()).content();
    }

    @AfterAll
    static void stop() {
        sc.stop();
    }

    private static byte[] batch() {
        byte[] batch = new byte[IMAGES * TestModel.SHAPE.bytes()];
        for (int n = 0; n < IMAGES; n++) {
            System.arraycopy(PIXELS.get(n), 0, batch, n * TestModel.SHAPE.bytes(), TestModel.SHAPE.bytes());
        }
        return batch;
    }

    private static SparkConf local(int cores) {
        return new SparkConf(false).set("spark.master", "local[" + cores + "]");
    }

    private static SparkConf yarn(long overheadMib) {
        return new SparkConf(false).set("spark.master", "yarn").set("spark.executor.memoryOverhead", overheadMib + "m");
    }

    private static long bytes(int batch) {
        DenseNetSpec spec = TestModel.MODEL.description().specification();
        ImageShape image = TestModel.MODEL.description().image();
        return MemoryPlan.of(new ReplicaSettings(spec, image, batch, RecomputeLevel.BOTTLENECK, 1, Device.CPU))
                .totalBytes();
    }

    private static void requireAnswers(ReplicaEngine engine) {
        Inference inference = engine.infer(batch(), IMAGES);
        List<float[]> expected = TestModel.logits(PIXELS);
        assertThat(inference.logits()).hasSize(IMAGES * TestModel.CLASSES);
        for (int i = 0; i < inference.logits().length; i++) {
            assertThat(inference.logits()[i])
                    .isEqualTo(expected.get(i / TestModel.CLASSES)[i % TestModel.CLASSES], within(1e-4f));
        }
        assertThat(inference.features().length % IMAGES).isZero();
    }

    @Test
    void itAnswersWithAnyNumberOfWorkersAndFreesAllItsMemory() throws InterruptedException {
        NativeGarbage.collect();
        long before = LibTorch.liveBytes();
        for (int cores : new int[] {1, 3, 16}) {
            try (ReplicaEngine engine = ReplicaEngine.open(content, Device.CPU, IMAGES, local(cores))) {
                requireAnswers(engine);
                assertThat(LibTorch.liveBytes()).isGreaterThan(before);
            }
        }
        assertThat(LibTorch.liveBytes()).isEqualTo(before);
    }

    @Test
    void whereMemoryIsShortItTakesFewerImagesAtATime() {
        long mib = (bytes(400) + bytes(200)) / 2 / MIB;
        try (ReplicaEngine engine = ReplicaEngine.open(content, Device.CPU, 400, yarn(JAVA_MIB + mib))) {
            assertThat(engine.batch()).isBetween(200, 399);
        }
        // Fewer than are given.
        try (ReplicaEngine engine = ReplicaEngine.open(content, Device.CPU, 3, local(1))) {
            requireAnswers(engine);
        }
    }

    @Test
    void withoutRoomForOneImageItIsRefusedWithTheSetting() {
        assertThatThrownBy(() -> ReplicaEngine.open(content, Device.CPU, 4, yarn(JAVA_MIB)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("evaluating one image at a time needs")
                .hasMessageContaining("--conf spark.executor.memoryOverhead=321m");
    }
}
