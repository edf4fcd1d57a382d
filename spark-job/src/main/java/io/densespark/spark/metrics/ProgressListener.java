package io.densespark.spark.metrics;

import java.util.function.Consumer;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import scala.Product;
import scala.collection.Iterable;
import scala.collection.Iterator;

/** Picks the newest {@link Progress} out of the executors' heartbeats and hands it on, on Spark's listener thread. */
public final class ProgressListener extends SparkListener {
    private final long accumulator;
    private final Consumer<Progress> consumer;

    /** @param accumulator id of the {@link ProgressAccumulator} to watch */
    public ProgressListener(long accumulator, Consumer<Progress> consumer) {
        this.accumulator = accumulator;
        this.consumer = consumer;
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        // The component is a Seq, which is another type in Scala 2.13 than in 2.12: the product's view of it is not.
        Iterator<?> tasks = ((Iterable<?>) ((Product) update).productElement(1)).iterator();
        while (tasks.hasNext()) {
            Iterator<?> infos = ((Iterable<?>) ((Product) tasks.next()).productElement(3)).iterator();
            while (infos.hasNext()) {
                AccumulableInfo info = (AccumulableInfo) infos.next();
                if (info.id() == accumulator && info.update().isDefined()) {
                    consumer.accept((Progress) info.update().get());
                }
            }
        }
    }
}
