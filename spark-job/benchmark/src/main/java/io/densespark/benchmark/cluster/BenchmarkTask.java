package io.densespark.benchmark.cluster;

import io.densespark.benchmark.cluster.RankReport.Failed;
import io.densespark.benchmark.cluster.RankReport.Measured;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.spark.barrier.BarrierTask;
import io.densespark.spark.rank.RankPlace;
import io.densespark.spark.rank.RankStart;
import io.densespark.spark.rank.RankWork;
import io.densespark.spark.resources.TaskDevice;
import java.time.Duration;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;

/** One rank of the benchmark. */
final class BenchmarkTask implements BarrierTask<RankReport>, RankWork<BenchmarkSession, RankReport> {
    /** A silent peer ends the benchmark sooner than a training run: nothing is lost by it. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final ClusterBenchmarkSettings settings;
    private final String stage;

    /** @param stage unique name of this stage */
    BenchmarkTask(ClusterBenchmarkSettings settings, String stage) {
        this.settings = settings;
        this.stage = stage;
    }

    @Override
    public RankReport call(BarrierTaskContext context) throws Exception {
        return RankStart.run(context, TIMEOUT, this);
    }

    @Override
    public BenchmarkSession open(RankPlace place, Device device, BarrierTaskContext context) {
        return BenchmarkSession.open(settings, stage, place, device, TaskDevice.workers(device, context));
    }

    @Override
    public RankReport run(BenchmarkSession session, RankPlace place, ProcessGroup group) throws InterruptedException {
        List<StepTimes> steps = new StepLoop(settings, session.replica, group).run(session.images);
        long peakBytes = session.peakBytes();
        ReplicaSettings replica = session.replica.settings();
        // The messages are not in the memory plan: the replica makes room for them.
        session.close();
        List<SweepPoint> sweep = AllReduceSweep.run(session.backend, group);
        return new Measured(
                group.rank(),
                SparkEnv.get().executorId(),
                HostFacts.here(place.host()),
                replica.device().toString(),
                replica.workers(),
                replica.level().toString(),
                session.plannedBytes(),
                peakBytes,
                steps,
                sweep);
    }

    @Override
    public RankReport failed(int rank, String message) {
        return new Failed(rank, message);
    }
}
