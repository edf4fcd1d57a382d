package io.densespark.model.cuda;

import io.densespark.model.ModelException;
import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.PeerWatch;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.kernels.Backend;
import io.densespark.model.tensor.DeviceLostException;
import io.densespark.model.tensor.Vector;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.bytedeco.cuda.global.nccl;

/**
 * Sums over replicas on GPUs by NCCL, from device to device. Every rank has a GPU of its own.
 *
 * <p>A killed peer shows within a second, by a connection of each rank to rank 0; a frozen one at the timeout. Both are
 * named.
 *
 * <p>NCCL chooses its network interfaces and ports itself: the environment variable {@code NCCL_SOCKET_IFNAME} names the
 * interfaces, and its ports are the kernel's choice ({@code net.ipv4.ip_local_port_range}). It has no setting for a range
 * of ports; only the connections to rank 0 keep to one.
 */
public final class NcclGroup implements ProcessGroup {
    /** The first version with all functions that are called here. */
    private static final int OLDEST = 21400;

    private static final long POLL_NANOS = 20_000;

    /** NCCL starts a sum in a thread of its own, which is done in less than that. */
    private static final long SPIN_NANOS = 100_000;

    /**
     * How long a sum may go on after a rank has left: one that this rank made before it left ends in that time. Errors of
     * NCCL's that may come of it wait as long for the name of the rank that is behind them.
     */
    private static final long GRACE_NANOS = Duration.ofMillis(500).toNanos();

    private final ProcessGroup control;
    private final CudaBackend backend;
    private final Communicator communicator;
    private final PeerWatch watch;
    private final Duration timeout;
    private final Duration peerTimeout;
    private final BooleanSupplier cancelled;
    private int pending;
    private boolean failed;
    private boolean closed;

    private NcclGroup(
            ProcessGroup control,
            CudaBackend backend,
            Communicator communicator,
            PeerWatch watch,
            Endpoint endpoint,
            BooleanSupplier cancelled) {
        this.control = control;
        this.backend = backend;
        this.communicator = communicator;
        this.watch = watch;
        timeout = endpoint.timeout();
        peerTimeout = endpoint.peerTimeout();
        this.cancelled = cancelled;
    }

    /**
     * Finds out, before anybody waits, whether NCCL is there.
     *
     * @throws ModelException if it isn't, or is too old
     */
    public static void requireLibrary() {
        Cuda.load("NCCL (libnccl.so.2)", nccl.class);
        int[] version = new int[1];
        Status.nccl(nccl.ncclGetVersion(version), "asking for its version");
        if (version[0] < OLDEST) {
            throw new CudaException("NCCL has version number " + version[0], "install NCCL 2.14 or newer", null);
        }
    }

    /**
     * Joins the group; returns when all ranks have joined.
     *
     * @param control the same ranks in main memory: carries what they tell each other first, and the sums of doubles.
     *     This group closes it, also if joining fails
     * @param endpoint where rank 0 listens for the others, and how long a rank waits for its peers, here and in each sum
     * @param backend this rank's GPU, from {@link Cuda#open}, on which the vectors to sum lie; open until this group is
     *     closed
     * @param cancelled asked while waiting; once true, the wait ends with a {@link PeerLostException}
     * @throws PeerLostException if a rank doesn't join in time
     * @throws CudaException if NCCL refuses, as it does where two ranks have the same GPU
     * @throws java.io.UncheckedIOException if no port of the endpoint's range could be had
     */
    public static NcclGroup join(ProcessGroup control, Endpoint endpoint, Backend backend, BooleanSupplier cancelled) {
        if (!(backend instanceof CudaBackend gpu)) {
            throw new IllegalArgumentException(backend.device() + " isn't by CUDA");
        }
        Introduction ranks;
        try {
            requireLibrary();
            gpu.enterThread();
            ranks = Introduction.hold(control, endpoint, cancelled);
        } catch (RuntimeException e) {
            control.close();
            throw e;
        }
        NcclGroup group;
        try {
            Communicator communicator = Communicator.begin(ranks.uniqueId(), control.rank(), control.worldSize());
            group = new NcclGroup(control, gpu, communicator, ranks.watch(), endpoint, cancelled);
        } catch (RuntimeException e) {
            ranks.watch().close();
            control.close();
            throw e;
        }
        try {
            group.enter();
            group.await(nccl.ncclInProgress, () -> true);
            return group;
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
    }

    @Override
    public int rank() {
        return control.rank();
    }

    @Override
    public int worldSize() {
        return control.worldSize();
    }

    @Override
    public void sum(Vector vector) {
        begin(vector).await();
    }

    @Override
    public Pending begin(Vector vector) {
        enter();
        backend.enterThread();
        int status = communicator.allReduce(vector, backend.stream().handle());
        // Not before NCCL is done with the call is the sum on its stream; in the first ones it connects.
        await(status, () -> true);
        Event done = communicator.mark();
        pending++;
        return new Pending() {
            @Override
            public void holdBackPasses() {
                done.holdBack(backend.stream().handle());
            }

            @Override
            public void await() {
                end(done);
            }
        };
    }

    @Override
    public boolean sumsBesidePasses() {
        return true;
    }

    private void end(Event done) {
        try (done) {
            await(nccl.ncclInProgress, done::isReached);
            pending--;
        }
    }

    @Override
    public double[] sum(double[] values) {
        enter();
        try {
            return control.sum(values);
        } catch (PeerLostException e) {
            fail();
            throw e;
        }
    }

    /** Before each call, which all ranks must make. */
    private void enter() {
        if (failed) {
            throw new IllegalStateException("this group has failed before");
        }
        Optional<String> gone = watch.lost();
        if (gone.isPresent()) {
            throw lost(gone.get());
        }
        watch.enter();
    }

    /** Waits until NCCL is through with the last call, which gave {@code status}, and {@code isDone}. */
    private void await(int status, BooleanSupplier isDone) {
        long start = System.nanoTime();
        long wellAt = start;
        while (true) {
            int state = Communicator.isError(status) ? status : communicator.state();
            if (state == nccl.ncclSuccess && isReached(isDone)) {
                return;
            }
            long now = System.nanoTime();
            if (cancelled.getAsBoolean()) {
                throw lost("this task was asked to stop");
            }
            Optional<String> frozen = watch.frozen(peerTimeout);
            if (frozen.isPresent()) {
                throw lost(frozen.get());
            }
            if (now - start > timeout.toNanos()) {
                String why = watch.culprit();
                watch.giveUp();
                throw lost(why + " (limit " + timeout.toSeconds() + " s)");
            }
            Optional<String> gone = watch.lost();
            if (Communicator.isError(state) && !mayBePeers(state)) {
                fail();
                throw Status.ncclFailed(state, "summing over ranks");
            }
            if (gone.isEmpty() && !Communicator.isError(state)) {
                wellAt = now;
            } else if (now - wellAt > GRACE_NANOS) {
                throw lost(gone.orElseGet(() -> "NCCL says " + Status.ncclError(state)));
            }
            if (now - start < SPIN_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    private boolean isReached(BooleanSupplier isDone) {
        try {
            return isDone.getAsBoolean();
        } catch (CudaException | DeviceLostException e) {
            fail();
            throw e;
        }
    }

    /** Whether a lost peer may be behind an error of NCCL's. */
    private static boolean mayBePeers(int state) {
        return state == nccl.ncclRemoteError || state == nccl.ncclSystemError || state == nccl.ncclInternalError;
    }

    private PeerLostException lost(String why) {
        fail();
        return new PeerLostException("a rank was lost: " + why, null);
    }

    /** After a failure the order of the calls is broken: peers that wait are released. */
    private void fail() {
        if (!failed) {
            failed = true;
            communicator.abort();
            watch.close();
            control.close();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            backend.enterThread();
            if (pending > 0) {
                fail();
            }
            if (!failed) {
                communicator.finish();
            }
            communicator.close();
        } finally {
            watch.close();
            control.close();
        }
    }
}
