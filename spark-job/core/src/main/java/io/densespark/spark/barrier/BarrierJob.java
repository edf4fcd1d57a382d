package io.densespark.spark.barrier;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Runs a task on every rank of one barrier stage: all at the same time, or none. */
public final class BarrierJob {

    private BarrierJob() {}

    /**
     * Runs {@code task} on a rank for each partition of an RDD and waits for them. Spark does not retry: one rank's
     * exception, or lost executor, ends the stage. What stands before the RDD is done by stages of its own where Spark
     * needs them; a lost part of their results is made again when the RDD is run again.
     *
     * <p>{@code onResult} gets a rank's result as soon as the driver has it, also where the stage fails afterwards
     * because of other ranks. So that a result which explains the failure of the others is not overtaken by it, a rank
     * that throws an exception holds it back for a second (see {@link RankFunction}).
     *
     * <p>Ranks that are ended because of another's failure see {@code context.isInterrupted()}; their threads are
     * interrupted only if the local property {@code spark.job.interruptOnCancel} is true.
     *
     * @param partitions what the ranks read: the cluster must have as many free slots as there are. None may be computed
     *     from several partitions without a shuffle between
     * @param onResult called with (rank, result) on Spark's scheduler thread, one call at a time: it must be quick. An
     *     exception from it fails the job, and ends the ranks that are still at work
     * @return the results in the order of the ranks
     * @throws BarrierFailedException if any rank has no result; its cause says why
     * @throws CancellationException if the calling thread is interrupted, which cancels the job; the thread's interrupt
     *     status is set again
     */
    public static <T, R> List<R> run(
            JavaSparkContext sc, JavaRDD<T> partitions, BarrierTask<T, R> task, BiConsumer<Integer, R> onResult) {
        int tasks = partitions.getNumPartitions();
        Function1<Iterator<T>, Iterator<byte[]>> rank = new RankFunction<>(task);
        RDD<byte[]> results = partitions.rdd().barrier().mapPartitions(rank, false, JavaBytes.anyClass());
        Function2<TaskContext, Iterator<byte[]>, byte[]> only = new OnlyElement();
        Collector<R> collector = new Collector<>(tasks, onResult);
        try (JobWatch watch = JobWatch.start(sc.sc())) {
            try {
                // The overload without a list of partitions: a Scala Seq is another type in 2.13 than in 2.12.
                sc.sc().runJob(results, only, collector, JavaBytes.<byte[]>anyClass());
            } catch (Exception e) {
                // Scala does not declare what it throws: SparkException and InterruptedException are among it.
                if (e instanceof InterruptedException) {
                    watch.cancel();
                    Thread.currentThread().interrupt();
                    throw (CancellationException) new CancellationException("interrupted").initCause(e);
                }
                // Spark leaves ranks alone where the handler of results is to blame.
                watch.cancel();
                throw new BarrierFailedException(watch.failures(), e);
            }
        } finally {
            BarrierTimers.endWithTheProgram(sc.sc());
        }
        return collector.results();
    }

    /** On the executor: the single element of a rank's partition. */
    private static final class OnlyElement extends AbstractFunction2<TaskContext, Iterator<byte[]>, byte[]>
            implements java.io.Serializable {
        @Override
        public byte[] apply(TaskContext context, Iterator<byte[]> elements) {
            return elements.next();
        }
    }

    /** On the driver: keeps the results and hands them on. */
    private static final class Collector<R> extends AbstractFunction2<Object, byte[], BoxedUnit> {
        private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
        private final Object[] results;
        private final BiConsumer<Integer, R> onResult;

        Collector(int tasks, BiConsumer<Integer, R> onResult) {
            this.results = new Object[tasks];
            this.onResult = onResult;
        }

        @Override
        public BoxedUnit apply(Object rank, byte[] bytes) {
            R result = JavaBytes.read(bytes, loader);
            results[(Integer) rank] = result;
            onResult.accept((Integer) rank, result);
            return BoxedUnit.UNIT;
        }

        @SuppressWarnings("unchecked") // Only results of type R are put in.
        List<R> results() {
            return Collections.unmodifiableList((List<R>) Arrays.asList(results));
        }
    }
}
