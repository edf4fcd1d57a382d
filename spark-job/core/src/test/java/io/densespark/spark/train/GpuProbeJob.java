package io.densespark.spark.train;

import io.densespark.model.tensor.Device;
import io.densespark.spark.barrier.BarrierJob;
import io.densespark.spark.resources.ClusterSlots;
import io.densespark.spark.resources.TaskDevice;
import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** A job for {@link GpuSchedulingIT}: each rank reports the device that it would train on, and opens none. */
public final class GpuProbeJob {
    private GpuProbeJob() {}

    @SuppressWarnings("SystemOut") // What the test reads.
    public static void main(String[] args) {
        int ranks = Integer.parseInt(args[0]);
        try (JavaSparkContext sc = new JavaSparkContext(new SparkConf().setAppName("GPU probe"))) {
            ClusterSlots.await(sc, OptionalInt.of(ranks));
            BarrierJob.run(
                            sc,
                            sc.parallelize(List.of(), ranks),
                            (context, none) -> {
                                // All at once: nobody gets a device that another has given back.
                                context.barrier();
                                Device device = TaskDevice.of(context);
                                String address =
                                        context.resourcesJMap().get("gpu").addresses()[0];
                                return "process " + ProcessHandle.current().pid() + " address " + address + " device "
                                        + device;
                            },
                            (rank, report) -> {})
                    .forEach(System.out::println);
        }
        System.exit(0);
    }
}
