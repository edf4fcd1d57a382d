package io.densespark.spark.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.BatchTooLargeException;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.spark.JobException;
import io.densespark.spark.resources.MemoryBudget.Source;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
    private static final List<RecomputeLevel> ALL = List.of(RecomputeLevel.values());

    private static ReplicaSettings replica(int batch) {
        return new ReplicaSettings(
                DenseNetSpec.bc(22, 8, 1, 10),
                new ImageShape(28, 28),
                batch,
                RecomputeLevel.ACTIVATIONS,
                2,
                Device.CPU);
    }

    private static long bytes(int batch, RecomputeLevel level) {
        ReplicaSettings s = replica(batch);
        return MemoryPlan.of(new ReplicaSettings(s.spec(), s.image(), batch, level, s.workers(), s.device()))
                .totalBytes();
    }

    private static MemoryBudget machine(long bytes) {
        return new MemoryBudget(bytes, 1, Source.MACHINE);
    }

    private static RecomputeLevel fastest(ReplicaSettings replica, List<RecomputeLevel> levels, MemoryBudget budget) {
        return MemoryCheck.fitting(replica, levels, budget).get(0);
    }

    @Test
    void theFastestLevelWhosePlanFitsExactlyIsTaken() {
        for (RecomputeLevel level : RecomputeLevel.values()) {
            MemoryBudget budget = machine(bytes(64, level));
            assertThat(fastest(replica(64), ALL, budget)).isEqualTo(level);
        }
    }

    @Test
    void oneByteLessTakesTheNextLevelAndLessThanTheLastIsRefused() {
        assertThat(fastest(replica(64), ALL, machine(bytes(64, RecomputeLevel.NONE) - 1)))
                .isEqualTo(RecomputeLevel.ACTIVATIONS);
        assertThat(fastest(replica(64), ALL, machine(bytes(64, RecomputeLevel.ACTIVATIONS) - 1)))
                .isEqualTo(RecomputeLevel.BOTTLENECK);
        assertThatThrownBy(() -> fastest(replica(64), ALL, machine(bytes(64, RecomputeLevel.BOTTLENECK) - 1)))
                .isInstanceOf(JobException.class);
    }

    @Test
    void onlyLevelsThatWereAskedForAreTaken() {
        MemoryBudget budget = machine(bytes(64, RecomputeLevel.BOTTLENECK));
        assertThatThrownBy(() -> fastest(replica(64), List.of(RecomputeLevel.ACTIVATIONS), budget))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("at recompute level activations");
        assertThat(MemoryCheck.fitting(replica(64), ALL, machine(bytes(64, RecomputeLevel.ACTIVATIONS))))
                .containsExactly(RecomputeLevel.ACTIVATIONS, RecomputeLevel.BOTTLENECK);
    }

    @Test
    void theReplicasOfAnExecutorShareItsMemory() {
        long bytes = bytes(64, RecomputeLevel.ACTIVATIONS);
        assertThat(fastest(replica(64), ALL, new MemoryBudget(3 * bytes, 3, Source.CONTAINER)))
                .isEqualTo(RecomputeLevel.ACTIVATIONS);
        assertThat(fastest(replica(64), ALL, new MemoryBudget(3 * bytes - 1, 3, Source.CONTAINER)))
                .isEqualTo(RecomputeLevel.BOTTLENECK);
    }

    @Test
    void aRefusalNamesTheLargestBatchAtEachLevelAndWhatToSet() {
        long available = bytes(20, RecomputeLevel.ACTIVATIONS);
        int atNone = MemoryCheck.largestBatch(replica(64), RecomputeLevel.NONE, available);
        int atBottleneck = MemoryCheck.largestBatch(replica(64), RecomputeLevel.BOTTLENECK, available);
        assertThat(bytes(atNone, RecomputeLevel.NONE)).isLessThanOrEqualTo(available);
        assertThat(bytes(atNone + 1, RecomputeLevel.NONE)).isGreaterThan(available);
        assertThat(atNone).isLessThan(20);
        assertThat(bytes(atBottleneck, RecomputeLevel.BOTTLENECK)).isLessThanOrEqualTo(available);
        assertThat(atBottleneck).isBetween(20, 63);
        assertThatThrownBy(() -> fastest(replica(64), ALL, machine(available)))
                .hasMessageContaining("a replica of 64 images needs")
                .hasMessageContaining("a replica can have " + atNone + " at none, 20 at activations, " + atBottleneck
                        + " at bottleneck;")
                .hasMessageContaining("--batch-size")
                .hasMessageContaining("--replicas")
                .hasMessageContaining("--recompute")
                .hasMessageNotContaining("--conf");
    }

    @Test
    void aContainerThatIsTooSmallIsGivenTheSettingThatWouldDo() {
        MemoryBudget small = new MemoryBudget(10_000_000, 2, Source.CLUSTER_MANAGER);
        long needed = bytes(64, RecomputeLevel.ACTIVATIONS);
        long mib = (2 * needed + MemoryBudget.JAVA_BYTES) / (1 << 20) + 1;
        assertThatThrownBy(() -> fastest(replica(64), List.of(RecomputeLevel.ACTIVATIONS), small))
                .hasMessageContaining(
                        "an executor may use, outside its heap and beside Java's own memory, 10 MB for 2 replicas")
                .hasMessageContaining("--conf spark.executor.memoryOverhead=" + mib + "m");
        SparkConf set = new SparkConf(false)
                .set("spark.master", "yarn")
                .set("spark.executor.cores", "2")
                .set("spark.executor.memoryOverhead", mib + "m");
        MemoryBudget enough = MemoryBudget.ofClusterManager(set, 2).orElseThrow();
        assertThat(fastest(replica(64), List.of(RecomputeLevel.ACTIVATIONS), enough))
                .isEqualTo(RecomputeLevel.ACTIVATIONS);
    }

    @Test
    void aMachineOnWhichNothingFitsIsToldSo() {
        assertThatThrownBy(() -> fastest(replica(64), ALL, machine(1000)))
                .hasMessageContaining("a replica of a single image needs ")
                .hasMessageContaining(
                        "take a smaller network or images, --precision bf16 if it isn't that already, or more memory");
    }

    @Test
    void aPlanThatNoProcessCanAddressIsRefusedByThePlan() {
        assertThatThrownBy(() -> fastest(replica(1_000_000), ALL, MemoryBudget.UNKNOWN))
                .isInstanceOf(BatchTooLargeException.class);
    }

    @Test
    void evaluationTakesAsManyImagesAtATimeAsFit() {
        ReplicaSettings wished = with(replica(64), RecomputeLevel.BOTTLENECK);
        assertThat(MemoryCheck.evaluationBatch(wished, machine(bytes(64, RecomputeLevel.BOTTLENECK))))
                .isEqualTo(64);
        assertThat(MemoryCheck.evaluationBatch(wished, machine(bytes(64, RecomputeLevel.BOTTLENECK) - 1)))
                .isBetween(1, 63);
        assertThat(MemoryCheck.evaluationBatch(wished, machine(bytes(1, RecomputeLevel.BOTTLENECK))))
                .isBetween(1, 2);
        MemoryBudget tooLittle = new MemoryBudget(bytes(1, RecomputeLevel.BOTTLENECK) - 1, 1, Source.CLUSTER_MANAGER);
        assertThatThrownBy(() -> MemoryCheck.evaluationBatch(wished, tooLittle))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("evaluating one image at a time needs")
                .hasMessageContaining("--conf spark.executor.memoryOverhead=");
    }

    private static ReplicaSettings with(ReplicaSettings s, RecomputeLevel level) {
        return new ReplicaSettings(s.spec(), s.image(), s.batch(), level, s.workers(), s.device());
    }

    @Test
    void aGpuHasWhatIsFreeOnItLessWhatCudasLibrariesTake() {
        ReplicaSettings gpu = new ReplicaSettings(
                replica(1).spec(), new ImageShape(28, 28), 64, RecomputeLevel.NONE, 1, Device.cuda(0));
        long none = MemoryPlan.of(gpu).totalBytes();

        assertThat(fastest(gpu, ALL, MemoryBudget.ofGpu(MemoryBudget.CUDA_BYTES + none)))
                .isEqualTo(RecomputeLevel.NONE);
        assertThat(fastest(gpu, ALL, MemoryBudget.ofGpu(MemoryBudget.CUDA_BYTES + none - 1)))
                .isEqualTo(RecomputeLevel.ACTIVATIONS);
        assertThatThrownBy(() -> MemoryCheck.evaluationBatch(gpu, MemoryBudget.ofGpu(MemoryBudget.CUDA_BYTES)))
                .hasMessageContaining(
                        "its GPU has left, beside what CUDA's libraries need, 0 MB for one replica: see in nvidia-smi")
                .hasMessageNotContaining("executors");
        assertThatThrownBy(() -> fastest(gpu, ALL, MemoryBudget.ofGpu(MemoryBudget.CUDA_BYTES / 2)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("its GPU has left, beside what CUDA's libraries need, 0 MB for one replica")
                .hasMessageContaining("a replica of a single image needs ");
    }
}
