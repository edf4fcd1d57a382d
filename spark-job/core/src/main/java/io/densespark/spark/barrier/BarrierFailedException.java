package io.densespark.spark.barrier;

import java.util.List;

/**
 * A barrier stage that did not end with a result from every rank.
 *
 * <p>Its cause is the exception of the rank that failed first, if one was thrown, or else Spark's own. Spark's account
 * of the failed job is added as a suppressed exception where it is not the cause.
 */
public final class BarrierFailedException extends RuntimeException {

    private final transient List<TaskFailure> failures;

    BarrierFailedException(List<TaskFailure> failures, Exception spark) {
        super(message(failures, spark), cause(failures, spark));
        this.failures = List.copyOf(failures);
        if (getCause() != spark) {
            addSuppressed(spark);
        }
    }

    /**
     * The ranks that failed before the stage was ended, first one first. Empty if the driver itself is to blame: the
     * cluster has too few slots, the job was cancelled, or the handler of results threw an exception.
     */
    public List<TaskFailure> failures() {
        return failures;
    }

    private static String message(List<TaskFailure> failures, Exception spark) {
        return failures.isEmpty()
                ? "the barrier stage failed: " + spark.getMessage()
                : failures.get(0).toString();
    }

    private static Throwable cause(List<TaskFailure> failures, Exception spark) {
        return failures.stream().findFirst().flatMap(TaskFailure::exception).orElse(spark);
    }
}
