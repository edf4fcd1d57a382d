package io.densespark.spark.rank;

import io.densespark.spark.barrier.BarrierTask;
import io.densespark.spark.resources.ReplicaRequest;
import java.time.Duration;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** What travels to the executors for each rank. */
final class RankTask<S extends AutoCloseable, R> implements BarrierTask<RankOutcome<R>> {
    private final String stage;
    private final Duration timeout;
    private final ReplicaRequest request;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final RankWork<S, R> work;

    RankTask(
            String stage,
            Duration timeout,
            ReplicaRequest request,
            Broadcast<SerializableConfiguration> hadoop,
            RankWork<S, R> work) {
        this.stage = stage;
        this.timeout = timeout;
        this.request = request;
        this.hadoop = hadoop;
        this.work = work;
    }

    @Override
    public RankOutcome<R> call(BarrierTaskContext context) throws Exception {
        try (ExecutorShare share = ExecutorShare.open(stage)) {
            return new RankRun<>(context, timeout, request, hadoop.value().value(), share, work).run();
        }
    }
}
