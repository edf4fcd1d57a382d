package io.densespark.spark.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.StageInfo;
import scala.Product;
import scala.collection.Iterable;
import scala.collection.Iterator;

/**
 * Picks what the ranks tell out of the executors' heartbeats, shows it in Spark's UI and hands it on, on Spark's listener
 * thread.
 */
public final class ProgressListener extends SparkListener {
    private final RunAccumulators accumulators;
    private final Consumer<RunProgress> consumer;
    private final Map<Integer, StageInfo> stages = new HashMap<>();
    private RunProgress latest = RunProgress.NONE;

    /** @param accumulators of the attempt to watch */
    public ProgressListener(RunAccumulators accumulators, Consumer<RunProgress> consumer) {
        this.accumulators = accumulators;
        this.consumer = consumer;
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        stages.put(submitted.stageInfo().stageId(), submitted.stageInfo());
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted completed) {
        stages.remove(completed.stageInfo().stageId());
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        // The component is a Seq, which is another type in Scala 2.13 than in 2.12: the product's view of it is not.
        Iterator<?> tasks = ((Iterable<?>) ((Product) update).productElement(1)).iterator();
        while (tasks.hasNext()) {
            Product task = (Product) tasks.next();
            Iterator<?> infos = ((Iterable<?>) task.productElement(3)).iterator();
            while (infos.hasNext()) {
                AccumulableInfo info = (AccumulableInfo) infos.next();
                if (accumulators.carries(info.id())
                        && info.update().isDefined()
                        && info.update().get() instanceof RunProgress news) {
                    told(news, (Integer) task.productElement(1));
                }
            }
        }
    }

    private void told(RunProgress news, Integer stage) {
        latest = latest.merge(news);
        StageInfo running = stages.get(stage);
        if (running != null) {
            accumulators.show(latest, running);
        }
        consumer.accept(latest);
    }
}
