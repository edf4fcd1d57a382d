package io.densespark.spark.barrier;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;

/**
 * Watches the one job that its thread runs while it is open. Spark's exception for a failed barrier stage has no cause,
 * only text; what the tasks threw comes by the events of {@link JobListener}.
 */
final class JobWatch implements AutoCloseable {

    /** Events come from a queue of their own; one that is so far behind is not waited for. */
    private static final long EVENTS_LIMIT_SECONDS = 10;

    private final SparkContext sc;
    private final JobListener listener;
    private final String id = UUID.randomUUID().toString();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Set<Integer> stages = ConcurrentHashMap.newKeySet();
    private final List<TaskFailure> failures = new CopyOnWriteArrayList<>();
    private volatile int jobId = -1;

    private JobWatch(SparkContext sc) {
        this.sc = sc;
        this.listener = JobListener.of(sc);
    }

    static JobWatch start(SparkContext sc) {
        JobWatch watch = new JobWatch(sc);
        watch.listener.add(sc, watch.id, watch);
        return watch;
    }

    /** Waits until the events of the ended job have arrived; the failures among them, in order. */
    List<TaskFailure> failures() {
        await(ended);
        return List.copyOf(failures);
    }

    /** Cancels the job, if Spark has started it. */
    void cancel() {
        if (await(started)) {
            sc.cancelJob(jobId);
        }
    }

    void jobStarted(int job) {
        jobId = job;
        started.countDown();
    }

    void stageSubmitted(int stage) {
        stages.add(stage);
    }

    void taskEnded(int stage, int rank, TaskEndReason reason) {
        if (stages.contains(stage)) {
            failure(rank, reason).ifPresent(failures::add);
        }
    }

    void jobEnded(int job) {
        if (job == jobId) {
            ended.countDown();
        }
    }

    private static Optional<TaskFailure> failure(int rank, TaskEndReason reason) {
        if (!(reason instanceof TaskFailedReason failed) || reason instanceof TaskKilled) {
            return Optional.empty();
        }
        if (reason instanceof ExceptionFailure thrown) {
            Optional<Throwable> exception = thrown.exception().isDefined()
                    ? Optional.of(thrown.exception().get())
                    : Optional.empty();
            return Optional.of(new TaskFailure(rank, TaskFailure.Kind.EXCEPTION, failed.toErrorString(), exception));
        }
        TaskFailure.Kind kind =
                reason instanceof ExecutorLostFailure ? TaskFailure.Kind.EXECUTOR_LOST : TaskFailure.Kind.OTHER;
        return Optional.of(new TaskFailure(rank, kind, failed.toErrorString(), Optional.empty()));
    }

    /** Waits even where the thread is interrupted, and keeps its interrupt status. */
    private static boolean await(CountDownLatch event) {
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(EVENTS_LIMIT_SECONDS);
        try {
            while (true) {
                try {
                    return event.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        listener.remove(sc, id);
    }
}
