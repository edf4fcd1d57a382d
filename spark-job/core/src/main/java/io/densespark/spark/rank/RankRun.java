package io.densespark.spark.rank;

import io.densespark.data.files.Obstacle;
import io.densespark.model.backend.Backends;
import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.collective.SingleReplica;
import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.GlooProcessGroup;
import io.densespark.model.libtorch.Rendezvous;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.DeviceLostException;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.UserMessage;
import io.densespark.spark.platform.NativeCache;
import io.densespark.spark.platform.PlatformCheck;
import io.densespark.spark.rank.RankOutcome.Done;
import io.densespark.spark.rank.RankOutcome.Failed;
import io.densespark.spark.resources.ReplicaRequest;
import io.densespark.spark.resources.SpentExecutorError;
import io.densespark.spark.resources.TaskDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** On an executor: brings one rank together with the others, and lets it do its work. */
final class RankRun<S extends AutoCloseable, R> {
    private static final Logger LOG = LoggerFactory.getLogger(RankRun.class);

    private final BarrierTaskContext context;
    private final Connections connections;
    private final ReplicaRequest request;
    private final Configuration hadoop;
    private final ExecutorShare share;
    private final RankWork<S, R> work;
    private final Iterator<Row> rows;
    private final RankPlace place;
    private final List<String> hosts;
    private String address = "";
    private Peers peers = new Peers(List.of(), List.of());
    private Optional<Opened<S>> opened = Optional.empty();
    private Optional<Rendezvous> rendezvous = Optional.empty();

    RankRun(
            BarrierTaskContext context,
            Connections connections,
            ReplicaRequest request,
            Configuration hadoop,
            ExecutorShare share,
            RankWork<S, R> work,
            Iterator<Row> rows) {
        this.rows = rows;
        this.context = context;
        this.connections = connections;
        this.request = request;
        this.hadoop = hadoop;
        this.share = share;
        this.work = work;
        place = RankPlace.of(context);
        hosts = RankPlace.hosts(context);
    }

    /** What a rank has once it is set up. */
    private record Opened<S extends AutoCloseable>(Rank rank, S session) {}

    /**
     * Runs the rank, on its task's thread.
     *
     * @throws PeerLostException if a rank is gone
     * @throws SpentExecutorError if this rank's GPU is
     * @throws Exception whatever else may go away if the stage is run again
     */
    RankOutcome<R> run() throws Exception {
        try (AutoCloseable closing = this::close) {
            // The only exchange by Spark: it takes a second.
            List<Announcement> all = Announcement.all(context.allGather(setUp().text()));
            OptionalInt failed = Announcement.firstFailure(all);
            if (failed.isPresent()) {
                return new Failed<>(
                        failed.getAsInt(), all.get(failed.getAsInt()).reason());
            }
            if (connects()) {
                Optional<String> mixed = Announcement.mixedDevices(all);
                if (mixed.isPresent()) {
                    return new Failed<>(place.rank(), mixed.get());
                }
                peers = new Peers(hosts, all.stream().map(Announcement::address).toList());
                Optional<String> conflict = peers.conflict().or(() -> peers.tooFew(connections.ports()));
                if (conflict.isPresent()) {
                    return new Failed<>(place.rank(), conflict.get());
                }
            }
            Opened<S> own = opened.orElseThrow(() -> new IllegalStateException("a rank that isn't set up went on"));
            long start = System.nanoTime();
            try (ProcessGroup group = join(own, all)) {
                logStart(own.rank(), Duration.ofNanos(System.nanoTime() - start));
                return together(own, group);
            }
        } catch (PeerLostException e) {
            String message = peers.named(String.valueOf(e.getMessage()));
            LOG.warn("rank {} of {} on {} has lost a peer: {}", place.rank(), place.worldSize(), place.host(), message);
            throw new PeerLostException(message, e);
        } catch (DeviceLostException e) {
            LOG.error("rank {} of {} on {} has lost its device", place.rank(), place.worldSize(), place.host(), e);
            throw new SpentExecutorError(e);
        }
    }

    private void close() throws Exception {
        rendezvous.ifPresent(Rendezvous::close);
        if (opened.isPresent()) {
            opened.get().session().close();
        }
    }

    /** What this rank has to say to the others: where it listens if it is rank 0, or why it can't start. */
    private Announcement setUp() throws Exception {
        try {
            PlatformCheck.requireSupported();
            NativeCache.prepare();
            Device device = TaskDevice.of(context);
            if (device.kind() == Device.Kind.CPU || connects()) {
                // Before the rows, which may fill the disk on which the library is unpacked, and before the replica,
                // whose
                // memory it isn't.
                Backends.open(Device.CPU, Precision.FP32).close();
            }
            Rank rank = new ExecutorRank(
                    place, device, context.cpus(), TaskDevice.workers(device, context), hadoop, request, share, rows);
            opened = Optional.of(new Opened<>(rank, work.open(rank)));
            if (connects()) {
                listen(device);
            }
            return Announcement.ready(
                    device, address, rendezvous.map(Rendezvous::address).orElse(""));
        } catch (PeerLostException | DeviceLostException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            return Announcement.failed(UserMessage.of(e));
        }
    }

    private void listen(Device device) {
        List<String> others = hosts.stream()
                .distinct()
                .filter(host -> !host.equals(place.host()))
                .toList();
        address = RankAddress.choose(place.host(), others, Machine.THIS);
        GlooProcessGroup.requirePorts(connections.ports());
        Backends.requireSums(device);
        if (place.rank() == 0) {
            rendezvous = Optional.of(Rendezvous.serve(connections.at(address)));
        }
    }

    private void logStart(Rank rank, Duration joining) {
        String what = connects()
                ? "at " + address + ", joined " + peers.describeWithout(place.rank()) + " in " + joining.toMillis()
                        + " ms"
                : "without peers";
        LOG.info("rank {} of {} on {}: {} {}", place.rank(), place.worldSize(), place.host(), rank.device(), what);
    }

    private boolean connects() {
        return work.isCollective() && place.worldSize() > 1;
    }

    /** The one place that chooses how gradients travel. */
    private ProcessGroup join(Opened<S> own, List<Announcement> all) {
        if (!connects()) {
            return new SingleReplica();
        }
        Duration timeout = connections.timeout();
        Rendezvous meeting = rendezvous.orElseGet(
                () -> Rendezvous.connect(all.get(0).rendezvous(), connections.connectTimeout(), timeout));
        rendezvous = Optional.of(meeting);
        Endpoint endpoint = connections.at(address);
        ProcessGroup inMainMemory =
                GlooProcessGroup.join(meeting, place.rank(), place.worldSize(), endpoint, context::isInterrupted);
        Optional<Backend> device = work.device(own.session());
        return device.isPresent()
                ? Backends.join(inMainMemory, endpoint, device.get(), context::isInterrupted)
                : inMainMemory;
    }

    private RankOutcome<R> together(Opened<S> own, ProcessGroup group) throws Exception {
        R result;
        try {
            result = work.run(own.session(), own.rank(), group);
        } catch (PeerLostException | DeviceLostException e) {
            throw e;
        } catch (IOException | UncheckedIOException e) {
            // A disk that is full stays so.
            if (Obstacle.of(e) == Obstacle.FULL) {
                return new Failed<>(place.rank(), UserMessage.of(e));
            }
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
