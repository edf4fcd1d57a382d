package io.densespark.spark.rank;

import io.densespark.spark.barrier.BarrierTask;
import io.densespark.spark.resources.ReplicaRequest;
import java.util.Iterator;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/** What travels to the executors for each rank. */
final class RankTask<S extends AutoCloseable, R> implements BarrierTask<Row, RankOutcome<R>> {
    private final String stage;
    private final Connections connections;
    private final ReplicaRequest request;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final RankWork<S, R> work;

    RankTask(
            String stage,
            Connections connections,
            ReplicaRequest request,
            Broadcast<SerializableConfiguration> hadoop,
            RankWork<S, R> work) {
        this.stage = stage;
        this.connections = connections;
        this.request = request;
        this.hadoop = hadoop;
        this.work = work;
    }

    @Override
    public RankOutcome<R> call(BarrierTaskContext context, Iterator<Row> rows) throws Exception {
        try (ExecutorShare share = ExecutorShare.open(stage)) {
            return new RankRun<>(context, connections, request, hadoop.value().value(), share, work, rows).run();
        }
    }
}
