package io.densespark.spark.rank;

import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.collective.SingleReplica;
import io.densespark.model.libtorch.GlooProcessGroup;
import io.densespark.model.libtorch.NcclProcessGroup;
import io.densespark.model.libtorch.Rendezvous;
import io.densespark.model.tensor.Device;
import io.densespark.spark.UserMessage;
import io.densespark.spark.platform.NativeCache;
import io.densespark.spark.platform.PlatformCheck;
import io.densespark.spark.rank.RankOutcome.Done;
import io.densespark.spark.rank.RankOutcome.Failed;
import io.densespark.spark.resources.ReplicaRequest;
import io.densespark.spark.resources.TaskDevice;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.BarrierTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** On an executor: brings one rank together with the others, and lets it do its work. */
final class RankRun<S extends AutoCloseable, R> {
    private static final Logger LOG = LoggerFactory.getLogger(RankRun.class);

    private final BarrierTaskContext context;
    private final Duration timeout;
    private final ReplicaRequest request;
    private final Configuration hadoop;
    private final ExecutorShare share;
    private final RankWork<S, R> work;
    private final RankPlace place;
    private Rank rank;
    private S session;
    private Rendezvous rendezvous;

    RankRun(
            BarrierTaskContext context,
            Duration timeout,
            ReplicaRequest request,
            Configuration hadoop,
            ExecutorShare share,
            RankWork<S, R> work) {
        this.context = context;
        this.timeout = timeout;
        this.request = request;
        this.hadoop = hadoop;
        this.share = share;
        this.work = work;
        place = RankPlace.of(context);
    }

    /**
     * Runs the rank, on its task's thread.
     *
     * @throws PeerLostException if a rank is gone
     * @throws Exception whatever else may go away if the stage is run again
     */
    RankOutcome<R> run() throws Exception {
        long start = System.nanoTime();
        try {
            // The only exchange by Spark: it takes a second.
            List<Announcement> all = Announcement.all(context.allGather(setUp().text()));
            OptionalInt failed = Announcement.firstFailure(all);
            if (failed.isPresent()) {
                return new Failed<>(
                        failed.getAsInt(), all.get(failed.getAsInt()).rest());
            }
            try (ProcessGroup group = join(all)) {
                LOG.info(
                        "rank {} of {} on {}: {}, joined {} peers {} s after its start",
                        place.rank(),
                        place.worldSize(),
                        place.host(),
                        rank.device(),
                        group.worldSize() - 1,
                        (System.nanoTime() - start) / 1_000_000_000);
                return together(group);
            }
        } catch (PeerLostException e) {
            LOG.warn("rank {} of {} has lost a peer: {}", place.rank(), place.worldSize(), e.getMessage());
            throw e;
        } finally {
            if (rendezvous != null) {
                rendezvous.close();
            }
            if (session != null) {
                session.close();
            }
        }
    }

    /** What this rank has to say to the others: where it listens if it is rank 0, or why it can't start. */
    private Announcement setUp() throws Exception {
        try {
            PlatformCheck.requireSupported();
            NativeCache.prepare();
            Device device = TaskDevice.of(context);
            rank = new ExecutorRank(place, device, TaskDevice.workers(device, context), hadoop, request, share);
            session = work.open(rank);
            if (place.rank() == 0 && connects()) {
                rendezvous = Rendezvous.serve(place.host(), timeout);
            }
            return Announcement.ready(device, rendezvous == null ? "" : rendezvous.address());
        } catch (PeerLostException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            return Announcement.failed(UserMessage.of(e));
        }
    }

    private boolean connects() {
        return work.isCollective() && place.worldSize() > 1;
    }

    /** The one place that chooses how gradients travel. */
    private ProcessGroup join(List<Announcement> all) {
        if (!connects()) {
            return new SingleReplica();
        }
        if (place.rank() > 0) {
            rendezvous = Rendezvous.connect(all.get(0).rest(), timeout);
        }
        if (Announcement.areAllOnGpus(all)) {
            return NcclProcessGroup.join(
                    rendezvous, place.rank(), place.worldSize(), rank.device(), timeout, context::isInterrupted);
        }
        return GlooProcessGroup.join(
                rendezvous, place.rank(), place.worldSize(), place.host(), timeout, context::isInterrupted);
    }

    private RankOutcome<R> together(ProcessGroup group) throws Exception {
        R result;
        try {
            result = work.run(session, rank, group);
        } catch (PeerLostException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            return new Failed<>(place.rank(), UserMessage.of(e));
        }
        if (connects()) {
            // A rank that closes its sockets while another still reads its last sum would look lost to it.
            context.barrier();
        }
        return new Done<>(result);
    }
}
