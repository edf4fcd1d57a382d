package io.densespark.spark.resources;

import io.densespark.spark.JobException;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * Requests on which Spark would wait for ever or fail late, found in its settings before it starts. Each is refused with
 * the setting to change.
 */
public final class ClusterCheck {
    private static final String CORES_MAX = "spark.cores.max";
    private static final String EXECUTORS = "spark.executor.instances";
    private static final String EXECUTOR_CORES = "spark.executor.cores";
    private static final String EXECUTOR_GPUS = "spark.executor.resource.gpu.amount";
    private static final String TASK_CPUS = "spark.task.cpus";
    private static final String TASK_GPUS = "spark.task.resource.gpu.amount";
    private static final String WORKER_GPUS = "spark.worker.resource.gpu.amount";
    private static final String WORKER_SCRIPT = "spark.worker.resource.gpu.discoveryScript";
    private static final String DYNAMIC = "spark.dynamicAllocation.enabled";
    private static final List<String> PROTECTION = List.of(
            "spark.authenticate",
            "spark.network.crypto.enabled",
            "spark.authenticate.enableSaslEncryption",
            "spark.ssl.rpc.enabled");
    private static final Pattern LOCAL = Pattern.compile("local(\\[.*])?");
    private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[ *(\\d+) *, *(\\d+) *,.*]");

    private ClusterCheck() {}

    /**
     * For every job: a local master has no GPUs to give, and Spark would never start a task that asks for one. Nor have the
     * workers of a local cluster that weren't given any.
     *
     * @throws JobException if the settings ask such a master for GPUs
     */
    public static void requireNoGpusOnLocalMaster(SparkConf conf) {
        String master = conf.get("spark.master", "");
        boolean isLocalCluster = LOCAL_CLUSTER.matcher(master).matches();
        if (isLocalCluster
                ? conf.getDouble(WORKER_GPUS, 0) > 0
                : !LOCAL.matcher(master).matches()) {
            return;
        }
        for (String setting : new String[] {TASK_GPUS, EXECUTOR_GPUS}) {
            if (conf.getDouble(setting, 0) > 0) {
                throw new JobException("master " + master
                        + " gives tasks no GPUs, Spark would wait for ever: leave out "
                        + setting + " to run on CPU, or run on a cluster (--master spark://…, yarn or k8s://…) whose "
                        + "executors have GPUs"
                        + (isLocalCluster
                                ? ", or give the workers here theirs (" + WORKER_GPUS + " and " + WORKER_SCRIPT + ")"
                                : ""));
            }
        }
    }

    /**
     * For a job with barrier stages.
     *
     * @param replicas as asked for, if they are
     * @throws JobException if Spark has no barrier stages with these settings, a replica wouldn't get one whole GPU, or
     *     the executors that the settings ask for can't run so many replicas
     */
    public static void requireBarrier(SparkConf conf, OptionalInt replicas) {
        requireNoGpusOnLocalMaster(conf);
        if (conf.getBoolean(DYNAMIC, false)
                && !LOCAL.matcher(conf.get("spark.master", "")).matches()) {
            throw new JobException(
                    "replicas train in a barrier stage, for which Spark wants a fixed number of executors: "
                            + "set --conf " + DYNAMIC
                            + "=false and --num-executors (--total-executor-cores on a standalone "
                            + "cluster)");
        }
        double gpus = conf.getDouble(TASK_GPUS, 0);
        if (gpus != 0 && gpus != 1) {
            throw new JobException(
                    TASK_GPUS + " is " + conf.get(TASK_GPUS) + ", a replica uses one GPU of its own: set it to 1");
        }
        int most = mostSlots(conf).orElse(Integer.MAX_VALUE);
        if (most == 0) {
            throw new JobException("no executor of these settings has room for a replica (" + describe(conf) + "): set "
                    + TASK_CPUS + " no higher than an executor's cores"
                    + (gpus > 0 ? ", and " + EXECUTOR_GPUS + " to 1 or more" : ""));
        }
        if (replicas.orElse(1) > most) {
            throw new JobException(
                    replicas.orElse(1) + " replicas are asked for, the executors of these settings run at "
                            + "most " + most + " at once (" + describe(conf) + "): set --replicas lower, or "
                            + moreSlots(conf));
        }
    }

    private static String moreSlots(SparkConf conf) {
        if (LOCAL_CLUSTER.matcher(conf.get("spark.master", "")).matches()) {
            // It takes no notice of the options for executors.
            return "give a --master local-cluster[EXECUTORS,CORES,MB] with more of them";
        }
        return (conf.contains(CORES_MAX) ? "--total-executor-cores" : "--num-executors") + " higher";
    }

    /**
     * For a job whose replicas talk to each other: they do it over TCP connections of their own, which none of Spark's
     * settings protect. On a local master they stay within the process.
     *
     * <p>{@code spark.ssl.enabled} and {@code spark.io.encryption.enabled} are no reasons: they are about web pages and
     * files, Spark's own traffic between executors is as open with them.
     *
     * @throws JobException if Spark's connections are authenticated or encrypted
     */
    public static void requireNoProtection(SparkConf conf) {
        if (LOCAL.matcher(conf.get("spark.master", "")).matches()) {
            return;
        }
        for (String setting : PROTECTION) {
            if (conf.getBoolean(setting, false)) {
                throw new JobException(setting + " protects Spark's own connections, but gradients, losses and batch "
                        + "statistics travel between replicas over connections of their own (Gloo or NCCL), neither "
                        + "authenticated nor encrypted: see that only this job's hosts can use that network and set "
                        + "--allow-plain-gradients true, or train one replica (--replicas 1)");
            }
        }
    }

    /** The most tasks that the executors which the settings ask for can run at once; empty if they set no limit. */
    static OptionalInt mostSlots(SparkConf conf) {
        String master = conf.get("spark.master", "");
        if (master.equals("yarn") || master.startsWith("k8s://")) {
            long most = (long) conf.getInt(EXECUTORS, 2) * slotsOfExecutor(conf, conf.getInt(EXECUTOR_CORES, 1));
            return OptionalInt.of(Math.toIntExact(most));
        }
        int cores = conf.getInt(CORES_MAX, Integer.MAX_VALUE);
        int most = Integer.MAX_VALUE;
        Matcher local = LOCAL_CLUSTER.matcher(master);
        if (local.matches()) {
            int workers = Integer.parseInt(local.group(1));
            int ofWorker = Integer.parseInt(local.group(2));
            cores = Math.min(cores, workers * ofWorker);
            most = workers * slotsOfExecutor(conf, ofWorker);
        }
        if (cores == Integer.MAX_VALUE) {
            return OptionalInt.empty();
        }
        int ofExecutor = conf.getInt(EXECUTOR_CORES, 0);
        int ofCores = ofExecutor == 0
                ? cores / conf.getInt(TASK_CPUS, 1)
                : cores / ofExecutor * slotsOfExecutor(conf, ofExecutor);
        return OptionalInt.of(Math.min(most, ofCores));
    }

    private static int slotsOfExecutor(SparkConf conf, int cores) {
        int slots = cores / conf.getInt(TASK_CPUS, 1);
        double gpus = conf.getDouble(TASK_GPUS, 0);
        return gpus > 0 ? Math.min(slots, (int) (conf.getInt(EXECUTOR_GPUS, 0) / gpus)) : slots;
    }

    private static String describe(SparkConf conf) {
        StringBuilder settings = new StringBuilder("master ").append(conf.get("spark.master", ""));
        for (String key : new String[] {EXECUTORS, CORES_MAX, EXECUTOR_CORES, TASK_CPUS, EXECUTOR_GPUS, TASK_GPUS}) {
            if (conf.contains(key)) {
                settings.append(", ").append(key).append(' ').append(conf.get(key));
            }
        }
        return settings.toString();
    }
}
