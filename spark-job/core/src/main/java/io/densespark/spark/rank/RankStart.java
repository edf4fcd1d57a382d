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
import io.densespark.spark.resources.TaskDevice;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.BarrierTaskContext;

/** Brings the ranks of a barrier stage together, and lets each do its work. */
public final class RankStart<S extends AutoCloseable, R> {
    private final BarrierTaskContext context;
    private final Duration timeout;
    private final RankWork<S, R> work;
    private final RankPlace place;
    private Device device;
    private S session;
    private Rendezvous rendezvous;

    private RankStart(BarrierTaskContext context, Duration timeout, RankWork<S, R> work) {
        this.context = context;
        this.timeout = timeout;
        this.work = work;
        place = RankPlace.of(context);
    }

    /**
     * Runs one rank, on its task's thread.
     *
     * @param timeout how long to wait for silent peers, at the start and in each collective
     * @throws PeerLostException if a rank is gone
     * @throws Exception whatever else may go away if the stage is run again
     */
    public static <S extends AutoCloseable, R> R run(BarrierTaskContext context, Duration timeout, RankWork<S, R> work)
            throws Exception {
        return new RankStart<>(context, timeout, work).run();
    }

    private R run() throws Exception {
        try {
            // The only exchange by Spark: it takes a second.
            List<Announcement> all = Announcement.all(context.allGather(setUp().text()));
            OptionalInt failed = Announcement.firstFailure(all);
            if (failed.isPresent()) {
                return work.failed(failed.getAsInt(), all.get(failed.getAsInt()).rest());
            }
            if (place.rank() > 0) {
                rendezvous = Rendezvous.connect(all.get(0).rest(), timeout);
            }
            try (ProcessGroup group = join(Announcement.areAllOnGpus(all))) {
                return together(group);
            }
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
            device = TaskDevice.of(context);
            session = work.open(place, device, context);
            if (place.rank() == 0 && place.worldSize() > 1) {
                rendezvous = Rendezvous.serve(place.host(), timeout);
            }
            return Announcement.ready(device, rendezvous == null ? "" : rendezvous.address());
        } catch (PeerLostException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            return Announcement.failed(UserMessage.of(e));
        }
    }

    /** The one place that chooses how gradients travel. */
    private ProcessGroup join(boolean allOnGpus) {
        if (place.worldSize() == 1) {
            return new SingleReplica();
        }
        if (allOnGpus) {
            return NcclProcessGroup.join(
                    rendezvous, place.rank(), place.worldSize(), device, timeout, context::isInterrupted);
        }
        return GlooProcessGroup.join(
                rendezvous, place.rank(), place.worldSize(), place.host(), timeout, context::isInterrupted);
    }

    private R together(ProcessGroup group) throws Exception {
        R result;
        try {
            result = work.run(session, place, group);
        } catch (PeerLostException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            return work.failed(place.rank(), UserMessage.of(e));
        }
        // A rank that closes its sockets while another still reads its last sum would look lost to it.
        context.barrier();
        return result;
    }
}
