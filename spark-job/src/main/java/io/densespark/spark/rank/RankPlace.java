package io.densespark.spark.rank;

import java.util.Arrays;
import org.apache.spark.BarrierTaskContext;

/**
 * Where a rank is.
 *
 * @param rank its number, from 0
 * @param worldSize number of ranks
 * @param host the name by which Spark knows this executor's machine: other executors reach it by that
 * @param replicasHere ranks in this executor, this one included
 */
public record RankPlace(int rank, int worldSize, String host, int replicasHere) {
    static RankPlace of(BarrierTaskContext context) {
        String[] addresses = Arrays.stream(context.getTaskInfos())
                .map(task -> task.address())
                .toArray(String[]::new);
        int rank = context.partitionId();
        int here = (int) Arrays.stream(addresses).filter(addresses[rank]::equals).count();
        return new RankPlace(rank, addresses.length, hostOf(addresses[rank]), here);
    }

    /** The host of {@code host:port}; an IPv6 address without its brackets. */
    static String hostOf(String address) {
        int port = address.lastIndexOf(':');
        String host = port < 0 ? address : address.substring(0, port);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
