package io.densespark.model.libtorch;

import io.densespark.model.ModelException;
import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.PeerWatch;
import io.densespark.model.collective.PortRange;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.tensor.Vector;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.gloo.Device;
import org.jspecify.annotations.Nullable;

/**
 * Sums over replicas by c10d's Gloo, in main memory: one at a time, which a cancelled task leaves. A killed peer shows at once,
 * a frozen one once it has been silent for too long, a slow one at the timeout.
 */
public final class GlooProcessGroup implements ProcessGroup {
    private static final int THREADS = 1;
    private static final long POLL_NANOS = 50_000;

    /** How long a word about a lost rank may take. */
    private static final long GRACE_NANOS = 1_000_000_000;

    private final int rank;
    private final int worldSize;
    private final BooleanSupplier cancelled;
    private final ProcessGroupGloo gloo;
    private final Duration peerTimeout;
    private Optional<PeerWatch> watch = Optional.empty();
    private boolean failed;
    private boolean closed;

    /** @param gloo with a reference of its own, which this group releases */
    private GlooProcessGroup(
            int rank, int worldSize, BooleanSupplier cancelled, Duration peerTimeout, ProcessGroupGloo gloo) {
        this.rank = rank;
        this.worldSize = worldSize;
        this.cancelled = cancelled;
        this.peerTimeout = peerTimeout;
        this.gloo = gloo;
    }

    /**
     * Joins the group; returns when all ranks have joined. Every rank listens on one port, see {@link #requirePorts}.
     *
     * @param rendezvous open until this group is closed
     * @param endpoint where this rank listens for its peers, and how long it waits for them, here and in each sum
     * @param cancelled asked while waiting in a sum; once true, the wait ends with a {@link PeerLostException}
     * @throws PeerLostException if a rank doesn't join in time
     * @throws java.io.UncheckedIOException if no port of the endpoint's range could be had
     */
    public static GlooProcessGroup join(
            Rendezvous rendezvous, int rank, int worldSize, Endpoint endpoint, BooleanSupplier cancelled) {
        try (PointerScope scope = new PointerScope()) {
            var options = ProcessGroupGloo.Options.create(
                    new Milliseconds(endpoint.connectTimeout().toMillis()));
            Device device = GlooDevice.listen(endpoint);
            options.devices().push_back(device);
            options.threads(THREADS);
            try {
                var gloo = new ProcessGroupGloo(rendezvous.keys(), rank, worldSize, options);
                gloo.setTimeout(new Milliseconds(endpoint.timeout().toMillis()));
                gloo.retainReference();
                return watched(
                        new GlooProcessGroup(rank, worldSize, cancelled, endpoint.peerTimeout(), gloo), endpoint);
            } catch (RuntimeException e) {
                String listens = "at " + Endpoint.text(endpoint.address(), GlooDevice.port(device));
                String limit = " (limit " + endpoint.connectTimeout().toSeconds() + " s)";
                throw notJoined(rank, worldSize, listens, reason(e) + limit, e);
            }
        }
    }

    private static GlooProcessGroup watched(GlooProcessGroup group, Endpoint endpoint) {
        try {
            group.watch = Optional.of(PeerWatch.meet(group, endpoint, group.cancelled));
            return group;
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
    }

    private static PeerLostException notJoined(
            int rank, int worldSize, String listens, String why, RuntimeException cause) {
        return lost(
                "rank " + rank + " " + listens + " didn't meet all of the other " + (worldSize - 1) + ": " + why
                        + ": see whether their processes are alive, and whether a firewall lets the ranks' hosts connect "
                        + "to each other on all ports that they listen on",
                cause);
    }

    /**
     * Finds out, before anybody waits, whether a rank on this machine can listen on a port of a range. The kernel chooses
     * Gloo's ports, so the range must have some of {@code net.ipv4.ip_local_port_range}: an odd one of its lower half for
     * each rank, and many more than that for a quick start.
     *
     * @throws ModelException if the kernel never gives a port of that range
     */
    public static void requirePorts(PortRange ports) {
        if (!ports.isAny()) {
            GlooDevice.requireMet(ports, GlooDevice.kernelsChoice());
        }
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int worldSize() {
        return worldSize;
    }

    @Override
    public void sum(Vector vector) {
        try (PointerScope scope = new PointerScope()) {
            allReduce(TensorStorage.view(vector));
        }
    }

    @Override
    public double[] sum(double[] values) {
        try (PointerScope scope = new PointerScope()) {
            DoublePointer copy = new DoublePointer(values);
            // A clone: after a failure Gloo's thread may hold it for longer than this call lasts.
            Tensor own = torch.from_blob(copy, new long[] {values.length}, new TensorOptions(torch.ScalarType.Double))
                    .clone();
            allReduce(own);
            double[] sums = new double[values.length];
            own.data_ptr_double().get(sums);
            return sums;
        }
    }

    /** Replaces {@code tensor} by its sum over all ranks. */
    private void allReduce(Tensor tensor) {
        if (failed) {
            throw new IllegalStateException("this group has failed before");
        }
        // An unclosed Work would keep the group's threads, and so its peers, waiting.
        try (TensorVector tensors = new TensorVector(tensor);
                Work work = gloo.allreduce(tensors)) {
            while (!work.isCompleted()) {
                Optional<String> reason = reasonToLeave();
                if (reason.isPresent()) {
                    fail();
                    throw lost(reason.get(), null);
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
            work._wait();
        } catch (PeerLostException e) {
            throw e;
        } catch (RuntimeException e) {
            awaitWord();
            fail();
            // Who has given up a third rank closes its connections; that one is to blame.
            throw lost(watch.flatMap(PeerWatch::givenUp).orElseGet(() -> reason(e)), e);
        }
    }

    /** Gloo's connections and the watch's close at the same time, and only the watch's say why. */
    private void awaitWord() {
        long start = System.nanoTime();
        while (watch.isPresent() && watch.get().lost().isEmpty() && System.nanoTime() - start < GRACE_NANOS) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private Optional<String> reasonToLeave() {
        return cancelled.getAsBoolean()
                ? Optional.of("this task was asked to stop")
                : watch.flatMap(peers -> peers.frozen(peerTimeout));
    }

    /** What Gloo says of a failure, on one line. */
    private static String reason(RuntimeException failure) {
        return GlooDevice.readable(TensorStorage.firstLine(failure));
    }

    /** After a failure the sequence of collectives is broken: peers that still wait are released. */
    private void fail() {
        failed = true;
        // First: its last word says whom this rank has given up.
        watch.ifPresent(PeerWatch::close);
        try {
            gloo.abort();
        } catch (RuntimeException e) {
            // The group is given up already; the first failure is the one to report.
        }
    }

    private static PeerLostException lost(String why, @Nullable RuntimeException cause) {
        return new PeerLostException("a rank was lost: " + why, cause);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (failed) {
                closeBeside();
            } else {
                fail();
                gloo.close();
            }
        }
    }

    /** Gloo's own thread may still wait for a frozen peer, until that one's connections close, and its group for the thread. */
    private void closeBeside() {
        Thread closing = new Thread(gloo::close, "densespark-gloo-close");
        closing.setDaemon(true);
        closing.start();
        boolean interrupted = false;
        try {
            closing.join(GRACE_NANOS / 1_000_000);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
