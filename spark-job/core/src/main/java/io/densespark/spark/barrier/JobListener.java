package io.densespark.spark.barrier;

import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.jspecify.annotations.Nullable;

/**
 * Hands Spark's events to the {@link JobWatch} whose job they are about.
 *
 * <p>One listener serves a Spark context for its whole life: removing the last listener of Spark's event queue stops
 * the queue and waits for its thread, which was seen to wait for ever.
 *
 * <p>A job is recognized by a local property, which it takes from the thread that starts it. (The event of a job's start
 * also lists its stages, but as a Scala Seq, which is another type in Scala 2.13.)
 */
final class JobListener extends SparkListener {

    private static final String PROPERTY = "densespark.barrier.job";
    private static final Map<SparkContext, JobListener> LISTENERS = new WeakHashMap<>();

    private final Map<String, JobWatch> watches = new ConcurrentHashMap<>();

    private JobListener() {}

    static JobListener of(SparkContext sc) {
        synchronized (LISTENERS) {
            JobListener known = LISTENERS.get(sc);
            if (known == null) {
                known = new JobListener();
                sc.addSparkListener(known);
                LISTENERS.put(sc, known);
            }
            return known;
        }
    }

    /** The next job of the calling thread belongs to {@code watch}. */
    void add(SparkContext sc, String id, JobWatch watch) {
        watches.put(id, watch);
        sc.setLocalProperty(PROPERTY, id);
    }

    void remove(SparkContext sc, String id) {
        sc.setLocalProperty(PROPERTY, null);
        watches.remove(id);
    }

    @Override
    public void onJobStart(SparkListenerJobStart event) {
        watch(event.properties()).ifPresent(watch -> watch.jobStarted(event.jobId()));
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        watch(event.properties())
                .ifPresent(watch -> watch.stageSubmitted(event.stageInfo().stageId()));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        watches.values()
                .forEach(watch ->
                        watch.taskEnded(event.stageId(), event.taskInfo().index(), event.reason()));
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd event) {
        watches.values().forEach(watch -> watch.jobEnded(event.jobId()));
    }

    /** The watch of the job with these local properties, which Spark gives as null where there are none. */
    private Optional<JobWatch> watch(@Nullable Properties properties) {
        return Optional.ofNullable(properties)
                .map(known -> known.getProperty(PROPERTY))
                .map(watches::get);
    }
}
