package io.densespark.spark;

import io.densespark.data.DataException;
import io.densespark.model.ModelException;
import io.densespark.model.plan.BatchTooLargeException;
import io.densespark.model.replica.UndefinedStatisticsException;
import io.densespark.model.tensor.AllocationException;
import io.densespark.model.tensor.NoCudaBuildException;
import io.densespark.model.tensor.NoSuchGpuException;

/**
 * What a user reads of an error. {@code model} and {@code data-prep} say what is wrong; here the remedy is put into the
 * words of this job, its options and Spark's settings.
 */
public final class UserMessage {
    private UserMessage() {}

    /** Whether the error is one that a user can mend, so that its message says all. */
    public static boolean isForUsers(Throwable error) {
        return error instanceof JobException || error instanceof ModelException || error instanceof DataException;
    }

    /** One line: what is wrong and what to do; of an error that nobody foresaw, what it is and where it came from. */
    public static String of(Throwable error) {
        if (error instanceof ModelException known) {
            return ofModel(known);
        }
        if (isForUsers(error)) {
            return error.getMessage();
        }
        StackTraceElement[] trace = error.getStackTrace();
        return error + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    private static String ofModel(ModelException error) {
        if (error instanceof BatchTooLargeException) {
            return error.facts() + ": use a smaller --batch-size, more --replicas, or more cores a replica "
                    + "(spark.task.cpus)";
        }
        if (error instanceof AllocationException) {
            return error.facts() + ": use a smaller --batch-size or more --replicas";
        }
        if (error instanceof UndefinedStatisticsException) {
            return error.facts() + ": train with at least 2 images a replica in every step (change --batch-size) or "
                    + "larger images";
        }
        if (error instanceof NoCudaBuildException gpu) {
            return "Spark gave this task GPU " + gpu.device().index() + ", but this job jar has libtorch without CUDA: "
                    + "build it with -Pgpu, or submit without spark.task.resource.gpu.amount to use the CPU";
        }
        if (error instanceof NoSuchGpuException gpu) {
            return "Spark gave this task GPU " + gpu.device().index() + ", but CUDA sees " + gpu.visible()
                    + " devices here: check the driver and the discovery script's addresses on this machine";
        }
        return error.getMessage();
    }
}
