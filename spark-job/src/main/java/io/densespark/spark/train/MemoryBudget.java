package io.densespark.spark.train;

import io.densespark.spark.platform.AvailableMemory;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * Native memory for the replicas of one executor.
 *
 * @param bytes for all of them
 * @param replicas of the executor
 * @param isContainer true if a cluster manager ends the executor that takes more, false if it is what the machine has
 */
record MemoryBudget(long bytes, int replicas, boolean isContainer) {
    private static final String OVERHEAD = "spark.executor.memoryOverhead";
    private static final String FACTOR = "spark.executor.memoryOverheadFactor";
    private static final String KUBERNETES_FACTOR = "spark.kubernetes.memoryOverheadFactor";
    private static final String LEAST = "spark.executor.minMemoryOverhead";
    private static final String GPUS = "spark.task.resource.gpu.amount";
    private static final String DEFAULT_LEAST = "384m";
    private static final double DEFAULT_FACTOR = 0.1;
    private static final long MIB = 1 << 20;

    /** No limit that anybody knows: only a plan that can't be made at all is too large. */
    static final MemoryBudget UNKNOWN = new MemoryBudget(Long.MAX_VALUE - 1, 1, false);

    private static String attemptMeasured = "";
    private static long bytesMeasured;

    /**
     * What an executor may use outside its heap, where the driver can know it: on YARN and Kubernetes, by Spark's own rules
     * ({@code spark.executor.memoryOverhead}, or a share of the heap), for replicas on CPU.
     *
     * @param worldSize replicas of the job
     */
    static Optional<MemoryBudget> ofContainer(SparkConf conf, int worldSize) {
        String master = conf.get("spark.master", "");
        boolean isKubernetes = master.startsWith("k8s://");
        if (!(isKubernetes || master.equals("yarn")) || conf.contains(GPUS)) {
            return Optional.empty();
        }
        int tasks = conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1);
        double factor = conf.getDouble(
                FACTOR, isKubernetes ? conf.getDouble(KUBERNETES_FACTOR, DEFAULT_FACTOR) : DEFAULT_FACTOR);
        long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
        long standard = Math.max((long) (factor * heap), conf.getSizeAsMb(LEAST, DEFAULT_LEAST));
        long overhead = conf.contains(OVERHEAD) ? conf.getSizeAsMb(OVERHEAD) : standard;
        return Optional.of(new MemoryBudget(overhead * MIB, Math.max(1, Math.min(tasks, worldSize)), true));
    }

    /**
     * What the machine and this process' container have left, as it was before the first replica of this attempt took its
     * part.
     *
     * @param attempt of the job
     * @param replicas of this process
     */
    static synchronized MemoryBudget ofMachine(String attempt, int replicas) {
        if (!attempt.equals(attemptMeasured)) {
            attemptMeasured = attempt;
            bytesMeasured = AvailableMemory.bytes();
        }
        return new MemoryBudget(bytesMeasured, replicas, false);
    }

    /** Bytes of one replica. */
    long share() {
        return bytes / replicas;
    }

    /** What there is, in words. */
    String describe() {
        return String.format(
                Locale.ROOT,
                "%s %.0f MB %s for %s",
                isContainer ? "an executor may use" : "this machine has",
                bytes / 1e6,
                isContainer ? "outside its heap" : "left",
                replicas == 1 ? "one replica" : replicas + " replicas of an executor");
    }

    /** What could be done for replicas of {@code needed} bytes, besides making them smaller; empty if nothing by a setting. */
    String remedy(long needed) {
        if (!isContainer) {
            return "";
        }
        // Java's own share is what Spark leaves it at least.
        long mib = Math.multiplyExact(needed, (long) replicas) / MIB + 1 + 384;
        return ", or --conf " + OVERHEAD + "=" + mib + "m";
    }
}
