package io.densespark.spark.predict;

import io.densespark.model.replica.Inference;
import io.densespark.model.tensor.DeviceLostException;
import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import io.densespark.spark.predict.ReplicaPool.Lease;
import io.densespark.spark.resources.SpentExecutorError;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * A task's use of a replica, from its first batch to its end, whichever way it ends. For the task's thread. On the driver, where
 * there is no task, its user closes it.
 */
final class TaskReplica implements AutoCloseable {
    /** Spark tells some tasks that they are killed without an interruption. */
    private static final long POLL_MILLIS = 100;

    private final Lease lease;
    private final @Nullable TaskContext context;
    private final Queue<CompletableFuture<Inference>> pending = new ArrayDeque<>();

    /** @param context of the task; null on the driver */
    TaskReplica(Lease lease, @Nullable TaskContext context) {
        this.lease = lease;
        this.context = context;
        if (context != null) {
            TaskCompletionListener atTheEnd = ended -> close();
            context.addTaskCompletionListener(atTheEnd);
        }
    }

    /** Gives the replica a batch, as {@link ReplicaThread#submit}. */
    void submit(byte[] pixels, int images) {
        pending.add(lease.submit(pixels, images));
    }

    /**
     * Waits for the answer to the oldest batch that has none yet.
     *
     * @throws TaskKilledException if the task is to end
     * @throws JobException if the replica can't be made, or fails
     * @throws SpentExecutorError if its GPU broke off
     */
    Inference await() {
        while (true) {
            try {
                Inference inference = pending.element().get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                pending.remove();
                return inference;
            } catch (TimeoutException e) {
                if (context != null && context.isInterrupted()) {
                    throw new TaskKilledException("killed while it waited for a prediction");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TaskKilledException("interrupted while it waited for a prediction");
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                if (cause instanceof DeviceLostException lost) {
                    throw new SpentExecutorError(lost);
                }
                // What a user can mend goes to the driver as it is to be read there, which may not know the error's
                // class.
                throw UserMessage.isForUsers(cause)
                        ? new JobException(UserMessage.of(cause))
                        : new IllegalStateException("the replica failed: " + cause, cause);
            }
        }
    }

    /** Lets go of the replica; batches that it hasn't begun are passed over. */
    @Override
    public void close() {
        pending.forEach(answer -> answer.cancel(false));
        pending.clear();
        lease.close();
    }
}
