package io.densespark.spark.barrier;

import java.io.Serializable;
import java.time.Duration;
import java.util.Iterator;
import org.apache.spark.BarrierTaskContext;
import scala.collection.Iterator$;
import scala.runtime.AbstractFunction1;

/**
 * On the executor: calls the task of one rank.
 *
 * <p>A rank that gives up tells the driver by its result, and its peers notice the broken connection at once: their
 * exceptions would race its result to the driver, and the first exception to arrive ends the stage and drops all later
 * results. Hence a rank's exception waits for a moment before it leaves.
 */
final class RankFunction<T> extends AbstractFunction1<scala.collection.Iterator<T>, scala.collection.Iterator<byte[]>>
        implements Serializable {

    private static final Duration HEAD_START = Duration.ofSeconds(1);

    private final BarrierTask<T, ?> task;

    RankFunction(BarrierTask<T, ?> task) {
        this.task = task;
    }

    @Override
    public scala.collection.Iterator<byte[]> apply(scala.collection.Iterator<T> partition) {
        BarrierTaskContext context = BarrierTaskContext.get();
        try {
            return Iterator$.MODULE$.single(JavaBytes.of(task.call(context, elements(partition))));
        } catch (Exception e) {
            if (!(e instanceof InterruptedException)) {
                giveOthersAHeadStart(context);
            }
            throw RankFunction.<RuntimeException>unchecked(e);
        }
    }

    private static <T> Iterator<T> elements(scala.collection.Iterator<T> partition) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return partition.hasNext();
            }

            @Override
            public T next() {
                return partition.next();
            }
        };
    }

    private static void giveOthersAHeadStart(BarrierTaskContext context) {
        long end = System.nanoTime() + HEAD_START.toNanos();
        while (!context.isInterrupted() && System.nanoTime() < end) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Throws a checked exception as it is: wrapped, it would reach the driver as another type. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E unchecked(Exception e) throws E {
        throw (E) e;
    }
}
