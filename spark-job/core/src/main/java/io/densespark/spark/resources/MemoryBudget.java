package io.densespark.spark.resources;

import io.densespark.model.tensor.Device;
import io.densespark.spark.platform.AvailableMemory;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/**
 * Native memory for some replicas.
 *
 * @param bytes for all of them
 * @param replicas that share it
 * @param source who sets the limit
 */
public record MemoryBudget(long bytes, int replicas, Source source) {
    /** Who sets the limit, in words that go on with "an amount of memory for some replicas". */
    enum Source {
        CLUSTER_MANAGER(
                "an executor may use, outside its heap and beside Java's own memory,", "give executors more memory"),
        CONTAINER("this container has left", "give executors more memory"),
        MACHINE("this machine has left", "give executors more memory"),
        GPU(
                "its GPU has left, beside what CUDA's libraries need,",
                "see in nvidia-smi who else uses the GPU, take a larger one, or leave out spark.task.resource.gpu.amount"),
        NOBODY("there is", "give executors more memory");

        private final String words;
        private final String more;

        Source(String words, String more) {
            this.words = words;
            this.more = more;
        }
    }

    private static final String OVERHEAD = "spark.executor.memoryOverhead";
    private static final String FACTOR = "spark.executor.memoryOverheadFactor";
    private static final String KUBERNETES_FACTOR = "spark.kubernetes.memoryOverheadFactor";
    private static final String LEAST = "spark.executor.minMemoryOverhead";
    private static final String DEFAULT_LEAST = "384m";
    private static final double DEFAULT_FACTOR = 0.1;
    private static final long MIB = 1 << 20;

    /**
     * Classes, compiled code, stacks, the network's buffers and libtorch's own pages: what an executor of the demo had
     * resident beside its heap and its replica.
     */
    static final long JAVA_BYTES = 320 * MIB;

    /**
     * What CUDA's libraries take of a GPU beside a replica's plan: their kernels, a step's graph, workspaces. On an H100
     * steps of small and large networks took 130 to 340 MB.
     */
    static final long CUDA_BYTES = 400 * MIB;

    /** No limit that anybody knows: only a plan that can't be made at all is too large. */
    public static final MemoryBudget UNKNOWN = new MemoryBudget(Long.MAX_VALUE - 1, 1, Source.NOBODY);

    /**
     * What an executor may use outside its heap, where the driver can know it: on YARN and Kubernetes, by Spark's own rules
     * ({@code spark.executor.memoryOverhead}, or a share of the heap), for replicas on CPU. What Java itself takes of it is
     * left out.
     *
     * @param worldSize replicas of the job
     */
    public static Optional<MemoryBudget> ofClusterManager(SparkConf conf, int worldSize) {
        String master = conf.get("spark.master", "");
        boolean isKubernetes = master.startsWith("k8s://");
        if (!(isKubernetes || master.equals("yarn"))
                || TaskDevice.expected(conf).kind() != Device.Kind.CPU) {
            return Optional.empty();
        }
        int tasks = conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1);
        double factor = conf.getDouble(
                FACTOR, isKubernetes ? conf.getDouble(KUBERNETES_FACTOR, DEFAULT_FACTOR) : DEFAULT_FACTOR);
        long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
        long standard = Math.max((long) (factor * heap), conf.getSizeAsMb(LEAST, DEFAULT_LEAST));
        long overhead = conf.contains(OVERHEAD) ? conf.getSizeAsMb(OVERHEAD) : standard;
        return Optional.of(new MemoryBudget(
                Math.max(0, overhead * MIB - JAVA_BYTES),
                Math.max(1, Math.min(tasks, worldSize)),
                Source.CLUSTER_MANAGER));
    }

    /**
     * What machine and container have for each replica. Replicas of other processes may have taken their part by now, so
     * the machine is shared among all as it was at the start; what is left now must do for those of this process, as it
     * was before the first of them took its part.
     *
     * @param start what there was before anybody loaded anything
     * @param now what there was before the first replica of this process was made
     * @param replicasHere replicas of this process
     * @param replicasOnMachine replicas of all processes of the job on this machine
     */
    public static MemoryBudget ofMachine(
            AvailableMemory start, AvailableMemory now, int replicasHere, int replicasOnMachine) {
        return Stream.of(
                        new MemoryBudget(start.machine(), replicasOnMachine, Source.MACHINE),
                        new MemoryBudget(now.machine(), replicasHere, Source.MACHINE),
                        new MemoryBudget(now.container(), replicasHere, Source.CONTAINER))
                .min(Comparator.comparingLong(MemoryBudget::share))
                .orElseThrow();
    }

    /**
     * What a GPU has for the one replica on it.
     *
     * @param freeBytes of its memory, once CUDA itself is at home there
     */
    public static MemoryBudget ofGpu(long freeBytes) {
        return new MemoryBudget(Math.max(0, freeBytes - CUDA_BYTES), 1, Source.GPU);
    }

    /** Bytes of one replica. */
    long share() {
        return bytes / replicas;
    }

    /** What there is, in words. */
    String describe() {
        return String.format(
                Locale.ROOT,
                "%s %.0f MB for %s",
                source.words,
                bytes / 1e6,
                replicas == 1 ? "one replica" : replicas + " replicas");
    }

    /** How there can be more of it, in words. */
    String more() {
        return source.more;
    }

    /** What could be done for replicas of {@code needed} bytes, besides making them smaller; empty if nothing by a setting. */
    String remedy(long needed) {
        if (source != Source.CLUSTER_MANAGER) {
            return "";
        }
        long mib = (Math.multiplyExact(needed, (long) replicas) + JAVA_BYTES) / MIB + 1;
        return ", or --conf " + OVERHEAD + "=" + mib + "m";
    }
}
