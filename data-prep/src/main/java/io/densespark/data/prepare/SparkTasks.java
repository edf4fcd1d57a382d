package io.densespark.data.prepare;

import io.densespark.data.DataException;
import java.io.Serializable;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** A Spark job whose results are looked at as they come, so that the first bad one ends it. */
final class SparkTasks {
    private static final long LONGEST_END_SECONDS = 30;

    private SparkTasks() {}

    /**
     * Runs a task for each partition, which has one element.
     *
     * @param onResult called for each partition once, on a thread of Spark's, one call at a time. What it throws ends the job
     * @throws RuntimeException what {@code onResult} threw, or the {@link DataException} with which a task failed for good
     */
    static void run(JavaSparkContext sc, String description, JavaRDD<byte[]> elements, Consumer<byte[]> onResult) {
        String group = UUID.randomUUID().toString();
        sc.setJobGroup(group, description, true);
        try {
            sc.sc().runJob(elements.rdd(), new OnlyElement(), new Handler(onResult), SparkTasks.<byte[]>anyClass());
        } catch (Exception e) {
            // Scala does not declare what it throws: checked exceptions are among it.
            sc.cancelJobGroup(group);
            awaitEnd(sc);
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                throw (CancellationException) new CancellationException("interrupted").initCause(e);
            }
            throw SparkFailure.of(e);
        } finally {
            sc.clearJobGroup();
        }
    }

    /** Tasks that were told to end may still be writing. */
    private static void awaitEnd(JavaSparkContext sc) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_END_SECONDS);
        while (!sc.sc().isStopped() && runningTasks(sc) > 0 && System.nanoTime() < end) {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static int runningTasks(JavaSparkContext sc) {
        int running = 0;
        for (SparkExecutorInfo executor : sc.sc().statusTracker().getExecutorInfos()) {
            running += executor.numRunningTasks();
        }
        return running;
    }

    /** A class tag of Object serves every reference type. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T> ClassTag<T> anyClass() {
        return (ClassTag<T>) ClassTag$.MODULE$.apply(Object.class);
    }

    /** On the executor. */
    private static final class OnlyElement extends AbstractFunction2<TaskContext, Iterator<byte[]>, byte[]>
            implements Serializable {
        @Override
        public byte[] apply(TaskContext context, Iterator<byte[]> elements) {
            return elements.next();
        }
    }

    /** On the driver. */
    private static final class Handler extends AbstractFunction2<Object, byte[], BoxedUnit> {
        private final Consumer<byte[]> onResult;

        Handler(Consumer<byte[]> onResult) {
            this.onResult = onResult;
        }

        @Override
        public BoxedUnit apply(Object partition, byte[] result) {
            onResult.accept(result);
            return BoxedUnit.UNIT;
        }
    }
}
