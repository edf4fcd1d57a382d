package io.densespark.spark.rank;

import io.densespark.spark.platform.AvailableMemory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.BarrierTaskContext;

/**
 * Where a rank is.
 *
 * @param rank its number, from 0
 * @param worldSize number of ranks
 * @param host the name by which Spark knows this executor's machine: other executors reach it by that
 * @param replicasHere ranks in this executor, this one included
 * @param replicasOnMachine ranks in all executors of this machine, this one included
 * @param memoryAtStart what there was before the rank loaded anything
 */
public record RankPlace(
        int rank, int worldSize, String host, int replicasHere, int replicasOnMachine, AvailableMemory memoryAtStart) {
    static RankPlace of(BarrierTaskContext context) {
        List<String> executors = Arrays.stream(context.getTaskInfos())
                .map(task -> task.address())
                .toList();
        List<String> hosts = hosts(context);
        int rank = context.partitionId();
        return new RankPlace(
                rank,
                executors.size(),
                hosts.get(rank),
                Collections.frequency(executors, executors.get(rank)),
                Collections.frequency(hosts, hosts.get(rank)),
                AvailableMemory.now());
    }

    /** The hosts of all ranks, in their order. */
    static List<String> hosts(BarrierTaskContext context) {
        return Arrays.stream(context.getTaskInfos())
                .map(task -> hostOf(task.address()))
                .toList();
    }

    /** The host of {@code host:port}; an IPv6 address without its brackets. */
    static String hostOf(String address) {
        int port = address.lastIndexOf(':');
        String host = port < 0 ? address : address.substring(0, port);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
