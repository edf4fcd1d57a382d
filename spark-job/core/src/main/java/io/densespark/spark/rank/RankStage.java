package io.densespark.spark.rank;

import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.spark.JobException;
import io.densespark.spark.barrier.BarrierFailedException;
import io.densespark.spark.barrier.BarrierJob;
import io.densespark.spark.rank.RankOutcome.Done;
import io.densespark.spark.rank.RankOutcome.Failed;
import io.densespark.spark.resources.ClusterCheck;
import io.densespark.spark.resources.MemoryBudget;
import io.densespark.spark.resources.ReplicaRequest;
import io.densespark.spark.resources.TaskDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The driver's side of ranks: a barrier stage in which each task makes one replica and does its {@link RankWork}. A stage
 * may be run several times; what the ranks of an executor share is told apart by the stage, not by the run.
 */
public final class RankStage {
    private final JavaSparkContext sc;
    private final int worldSize;
    private final Connections connections;
    private final ReplicaRequest request;
    private final String id;

    private RankStage(String id, JavaSparkContext sc, int worldSize, Connections connections, ReplicaRequest request) {
        this.id = id;
        this.sc = sc;
        this.worldSize = worldSize;
        this.connections = connections;
        this.request = request;
    }

    /**
     * A stage whose replicas the cluster manager has memory for, where the driver can know that; the machines' own memory
     * only the ranks can see.
     *
     * @param worldSize number of ranks
     * @param connections how ranks connect, if their work is collective
     * @param request the replica of each rank
     * @throws JobException if none fits
     */
    public static RankStage of(JavaSparkContext sc, int worldSize, Connections connections, ReplicaRequest request) {
        return of(UUID.randomUUID().toString(), sc, worldSize, connections, request);
    }

    private static RankStage of(
            String id, JavaSparkContext sc, int worldSize, Connections connections, ReplicaRequest request) {
        SparkConf conf = sc.getConf();
        MemoryBudget budget = MemoryBudget.ofClusterManager(conf, worldSize).orElse(MemoryBudget.UNKNOWN);
        Device device = TaskDevice.expected(conf);
        return new RankStage(
                id, sc, worldSize, connections, request.within(budget, TaskDevice.expectedWorkers(conf), device));
    }

    /**
     * The same stage for another number of ranks, whose replicas may be others.
     *
     * @throws JobException if the cluster manager has no memory for any
     */
    public RankStage resized(int ranks, ReplicaRequest replica) {
        return of(id, sc, ranks, connections, replica);
    }

    /** The number of ranks. */
    public int worldSize() {
        return worldSize;
    }

    /** The replica that ranks make where their machines have the memory; of GPUs, any one. */
    public ReplicaSettings expectedReplica() {
        return request.settings(TaskDevice.expectedWorkers(sc.getConf()), TaskDevice.expected(sc.getConf()));
    }

    /** The replicas that ranks make where the expected one doesn't fit, the fastest first. */
    public List<ReplicaSettings> alternatives() {
        ReplicaSettings expected = expectedReplica();
        return request.levels().stream()
                .skip(1)
                .map(level -> request.settings(level, expected.workers(), expected.device()))
                .toList();
    }

    /**
     * Runs the work on all ranks at once.
     *
     * @return the ranks' results in their order
     * @throws JobException with the message of the first rank that can't do its work, however often it is tried; before
     *     the stage starts, if ranks would send unprotected what Spark would protect
     * @throws RanksLostException if a rank has no result, but might have when it is tried again
     */
    public <S extends AutoCloseable, R> List<R> run(RankWork<S, R> work) {
        return run(work, sc.parallelize(List.of(), worldSize));
    }

    /**
     * The same with rows for the ranks.
     *
     * @param rows in as many partitions as there are ranks
     */
    public <S extends AutoCloseable, R> List<R> run(RankWork<S, R> work, JavaRDD<Row> rows) {
        if (rows.getNumPartitions() != worldSize) {
            throw new IllegalArgumentException(
                    rows.getNumPartitions() + " partitions of rows for " + worldSize + " ranks");
        }
        if (work.isCollective() && worldSize > 1 && !connections.arePlainGradientsAllowed()) {
            ClusterCheck.requireNoProtection(sc.getConf());
        }
        Broadcast<SerializableConfiguration> hadoop =
                sc.broadcast(new SerializableConfiguration(sc.hadoopConfiguration()));
        Queue<Failed<R>> failed = new ConcurrentLinkedQueue<>();
        try {
            List<RankOutcome<R>> outcomes = BarrierJob.run(
                    sc, rows, new RankTask<>(id, connections, request, hadoop, work), (rank, outcome) -> {
                        if (outcome instanceof Failed<R> failure) {
                            failed.add(failure);
                            // The others may wait for this rank at Spark's barrier, which knows no end of it.
                            throwFirst(failed);
                        }
                    });
            List<R> results = new ArrayList<>();
            outcomes.forEach(outcome -> results.add(((Done<R>) outcome).result()));
            return results;
        } catch (BarrierFailedException e) {
            throwFirst(failed);
            throw new RanksLostException(e);
        } finally {
            hadoop.destroy();
        }
    }

    private static <R> void throwFirst(Queue<Failed<R>> failures) {
        Optional.ofNullable(failures.peek()).ifPresent(first -> {
            throw new JobException("rank " + first.rank() + ": " + first.message());
        });
    }
}
