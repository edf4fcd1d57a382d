package io.densespark.spark.resources;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** How many cores an executor has for all its tasks together. */
public final class ExecutorCores {
    private static final Pattern LOCAL = Pattern.compile("local\\[ *(\\d+) *[,\\]].*");
    private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[ *\\d+ *, *(\\d+) *,.*");

    private ExecutorCores() {}

    /** By the settings; where they leave it open, the machine's, as far as the job may have them. To be asked on an executor. */
    public static int of(SparkConf conf) {
        return of(conf, Runtime.getRuntime().availableProcessors());
    }

    static int of(SparkConf conf, int processors) {
        String master = conf.get("spark.master", "");
        Matcher local = LOCAL.matcher(master);
        if (local.matches()) {
            return Math.max(1, Integer.parseInt(local.group(1)));
        }
        if (master.equals("local")) {
            return 1;
        }
        Matcher cluster = LOCAL_CLUSTER.matcher(master);
        int standard = master.equals("yarn") || master.startsWith("k8s://")
                ? 1
                : cluster.matches() ? Integer.parseInt(cluster.group(1)) : processors;
        int cores = conf.getInt("spark.executor.cores", standard);
        return Math.max(1, Math.min(cores, conf.getInt("spark.cores.max", Integer.MAX_VALUE)));
    }
}
