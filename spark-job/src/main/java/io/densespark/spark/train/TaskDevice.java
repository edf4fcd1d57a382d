package io.densespark.spark.train;

import io.densespark.model.memory.Device;
import io.densespark.spark.JobException;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** The device that Spark gave a task. */
public final class TaskDevice {
    private static final String GPU = "gpu";
    private static final String GPUS = "spark.task.resource.gpu.amount";

    private TaskDevice() {}

    /** The kind of device that tasks with these settings get; of GPUs, any one. */
    public static Device expected(SparkConf conf) {
        return conf.contains(GPUS) ? Device.cuda(0) : Device.CPU;
    }

    /** Workers of a replica in a task with these settings. */
    public static int expectedWorkers(SparkConf conf) {
        return conf.contains(GPUS) ? 1 : conf.getInt("spark.task.cpus", 1);
    }

    /** Workers of a replica in this task: its cores, or one that commands a GPU. */
    public static int workers(TaskContext context) {
        return of(context).kind() == Device.Kind.CPU ? context.cpus() : 1;
    }

    /**
     * The GPU whose address Spark assigned to this task, or the CPU if it assigned none.
     *
     * @throws JobException if the address is no index, or there are several
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
        String address = gpu.addresses()[0];
        try {
            return Device.cuda(Integer.parseInt(address));
        } catch (IllegalArgumentException e) {
            throw new JobException(
                    "Spark gave this task the GPU '" + address + "': DenseSpark needs the device's index; let the "
                            + "discovery script print indices",
                    e);
        }
    }
}
