package io.densespark.spark.barrier;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A job for {@link BarrierJobIT}: two ranks, each of which prints its process id by way of the driver. With the argument
 * {@code fail}, rank 0 returns a value while rank 1 fails; with {@code die}, the process of rank 1 ends.
 */
public final class BarrierProbeJob {

    private BarrierProbeJob() {}

    @SuppressWarnings("SystemOut") // What the test reads.
    public static void main(String[] args) {
        String mode = args.length == 0 ? "" : args[0];
        try (JavaSparkContext sc = new JavaSparkContext(new SparkConf().setAppName("barrier probe"))) {
            System.out.println("driver pid " + ProcessHandle.current().pid());
            List<Long> pids = BarrierJob.run(
                    sc,
                    sc.parallelize(List.of(), 2),
                    (context, none) -> {
                        context.barrier();
                        if (context.partitionId() == 1 && mode.equals("fail")) {
                            throw new java.io.IOException("peer is gone");
                        }
                        if (context.partitionId() == 1 && mode.equals("die")) {
                            Runtime.getRuntime().halt(3);
                        }
                        return ProcessHandle.current().pid();
                    },
                    (rank, pid) -> System.out.println("result of rank " + rank));
            System.out.println("executor pids " + pids.get(0) + " " + pids.get(1));
        } catch (BarrierFailedException e) {
            e.failures()
                    .forEach(failure -> System.out.println("failure " + failure.rank() + " " + failure.kind() + " "
                            + failure.exception().map(Throwable::toString).orElse("-")));
            System.exit(7);
        }
        // Spark leaves the timer of its barrier coordinator running, which would keep the driver alive.
        System.exit(0);
    }
}
