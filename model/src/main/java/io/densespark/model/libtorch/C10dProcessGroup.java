package io.densespark.model.libtorch;

import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.ProcessGroup;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.jspecify.annotations.Nullable;

/** What the process groups of c10d have in common: one all-reduce at a time, which a cancelled task leaves. */
abstract class C10dProcessGroup implements ProcessGroup {
    private static final long POLL_NANOS = 50_000;

    private final int rank;
    private final int worldSize;
    private final BooleanSupplier cancelled;
    private final Backend backend;
    private boolean failed;
    private boolean closed;

    /**
     * @param cancelled asked while waiting; once true, the wait ends with a {@link PeerLostException}
     * @param backend with a reference of its own, which this group releases
     */
    C10dProcessGroup(int rank, int worldSize, BooleanSupplier cancelled, Backend backend) {
        this.rank = rank;
        this.worldSize = worldSize;
        this.cancelled = cancelled;
        this.backend = backend;
    }

    @Override
    public final int rank() {
        return rank;
    }

    @Override
    public final int worldSize() {
        return worldSize;
    }

    /** Replaces {@code tensor}, where the backend can reach it, by its sum over all ranks. */
    final void allReduce(Tensor tensor) {
        if (failed) {
            throw new IllegalStateException("this group has failed before");
        }
        // An unclosed Work would keep the group's threads, and so its peers, waiting.
        try (TensorVector tensors = new TensorVector(tensor);
                Work work = backend.allreduce(tensors)) {
            while (!work.isCompleted()) {
                if (cancelled.getAsBoolean()) {
                    fail();
                    throw lost("this task was asked to stop", null);
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
            work._wait();
        } catch (PeerLostException e) {
            throw e;
        } catch (RuntimeException e) {
            fail();
            throw lost(reason(e), e);
        }
    }

    /** What the backend says of a failed collective, on one line. */
    String reason(RuntimeException failure) {
        return TensorStorage.firstLine(failure);
    }

    /** After a failure the sequence of collectives is broken: peers that still wait are released. */
    private void fail() {
        failed = true;
        try {
            backend.abort();
        } catch (RuntimeException e) {
            // The group is given up already; the first failure is the one to report.
        }
    }

    static PeerLostException lost(String why, @Nullable RuntimeException cause) {
        return new PeerLostException("a rank was lost: " + why, cause);
    }

    /** @param where this rank listens or connects, as people write it */
    static PeerLostException notJoined(int rank, int worldSize, String where, String why, RuntimeException cause) {
        return lost(
                "rank " + rank + " " + where + " didn't meet all of the other " + (worldSize - 1) + ": " + why
                        + ": see whether their processes are alive, and whether a firewall lets the ranks' hosts connect "
                        + "to each other on all ports that they listen on",
                cause);
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            if (!failed) {
                fail();
            }
            backend.close();
        }
    }
}
