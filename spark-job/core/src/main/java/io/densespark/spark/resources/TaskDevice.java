package io.densespark.spark.resources;

import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.tensor.Device;
import io.densespark.spark.JobException;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** The device that Spark gave a task. */
public final class TaskDevice {
    private static final String GPU = "gpu";
    private static final String GPUS = "spark.task.resource.gpu.amount";

    /** The only device that CUDA shows this process, by its UUID; empty as long as nobody asked for that. */
    private static Optional<String> onlyGpu = Optional.empty();

    private TaskDevice() {}

    /** The kind of device that tasks with these settings get; of GPUs, any one. */
    public static Device expected(SparkConf conf) {
        return conf.contains(GPUS) ? Device.cuda(0) : Device.CPU;
    }

    /** Workers of a replica in a task with these settings. */
    public static int expectedWorkers(SparkConf conf) {
        return conf.contains(GPUS) ? 1 : conf.getInt("spark.task.cpus", 1);
    }

    /** Workers of a replica on that device in this task: the task's cores, or the one that commands a GPU. */
    public static int workers(Device device, TaskContext context) {
        return device.kind() == Device.Kind.CPU ? context.cpus() : 1;
    }

    /**
     * The GPU whose address Spark assigned to this task, or the CPU if it assigned none. An address is the device's index,
     * or its UUID: a MIG instance has no index, and CUDA shows a process one of them.
     *
     * @throws JobException if there are several, or this process can't see the device
     */
    public static Device of(TaskContext context) {
        ResourceInformation gpu = context.resourcesJMap().get(GPU);
        if (gpu == null || gpu.addresses().length == 0) {
            return Device.CPU;
        }
        if (gpu.addresses().length > 1) {
            throw new JobException("Spark gave this task " + gpu.addresses().length
                    + " GPUs, a replica uses one: set spark.task.resource.gpu.amount=1 and more --replicas");
        }
        return of(gpu.addresses()[0], GpuTable.of(System.getenv("CUDA_VISIBLE_DEVICES")));
    }

    static Device of(String address, GpuTable table) {
        if (table.mustBeNamed(address)) {
            showOnly(address);
        }
        return Device.cuda(table.ordinal(address));
    }

    private static synchronized void showOnly(String uuid) {
        if (onlyGpu.isEmpty()) {
            LibTorch.showOnlyGpu(uuid);
            onlyGpu = Optional.of(uuid);
        } else if (!onlyGpu.get().equals(uuid)) {
            throw new JobException("Spark gave this task the GPU '" + uuid + "', a replica of the same executor has "
                    + onlyGpu.get() + ", and CUDA shows a process one device by its UUID: set "
                    + "spark.executor.resource.gpu.amount=1");
        }
    }
}
