package io.densespark.model.libtorch;

import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.memory.Vector;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;

/** Sums over replicas by c10d's Gloo. A killed peer shows at once, a frozen one at the timeout. */
public final class GlooProcessGroup implements ProcessGroup {
    private static final long POLL_NANOS = 50_000;
    private static final int THREADS = 1;

    private final int rank;
    private final int worldSize;
    private final BooleanSupplier cancelled;
    private final org.bytedeco.pytorch.ProcessGroupGloo gloo;
    private boolean failed;
    private boolean closed;

    private GlooProcessGroup(
            int rank, int worldSize, BooleanSupplier cancelled, org.bytedeco.pytorch.ProcessGroupGloo gloo) {
        this.rank = rank;
        this.worldSize = worldSize;
        this.cancelled = cancelled;
        this.gloo = gloo;
    }

    /**
     * Joins the group; returns when all ranks have joined.
     *
     * @param rendezvous open until this group is closed
     * @param host this rank's own name or address, to which its peers connect
     * @param timeout how long to wait for silent peers, here and in each sum
     * @param cancelled asked while waiting; once true, the wait ends with a {@link PeerLostException}
     * @throws PeerLostException if a rank doesn't join in time
     */
    public static GlooProcessGroup join(
            Rendezvous rendezvous, int rank, int worldSize, String host, Duration timeout, BooleanSupplier cancelled) {
        try (PointerScope scope = new PointerScope()) {
            var options = org.bytedeco.pytorch.ProcessGroupGloo.Options.create(new Milliseconds(timeout.toMillis()));
            options.devices().push_back(org.bytedeco.pytorch.ProcessGroupGloo.createDeviceForHostname(host));
            options.threads(THREADS);
            var gloo = new org.bytedeco.pytorch.ProcessGroupGloo(rendezvous.keys(), rank, worldSize, options);
            gloo.retainReference();
            return new GlooProcessGroup(rank, worldSize, cancelled, gloo);
        } catch (RuntimeException e) {
            throw lost("the " + worldSize + " ranks didn't all join within " + timeout.toSeconds() + " s", e);
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
            Tensor tensor = TensorStorage.view(vector);
            // On CPU this is the tensor itself; Gloo sums in main memory.
            Tensor host = tensor.cpu();
            allReduce(host);
            if (host.data_ptr().address() != tensor.data_ptr().address()) {
                tensor.copy_(host);
            }
        }
    }

    @Override
    public double[] sum(double[] values) {
        try (PointerScope scope = new PointerScope()) {
            DoublePointer copy = new DoublePointer(values);
            allReduce(torch.from_blob(copy, new long[] {values.length}, new TensorOptions(torch.ScalarType.Double)));
            double[] sums = new double[values.length];
            copy.get(sums);
            return sums;
        }
    }

    private void allReduce(Tensor tensor) {
        if (failed) {
            throw new IllegalStateException("this group has failed before");
        }
        // An unclosed Work would keep the group's threads, and so its peers, waiting.
        try (TensorVector tensors = new TensorVector(tensor);
                Work work = gloo.allreduce(tensors)) {
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
            throw lost(TensorStorage.firstLine(e), e);
        }
    }

    /** After a failure the sequence of collectives is broken: peers that still wait are released. */
    private void fail() {
        failed = true;
        try {
            gloo.abort();
        } catch (RuntimeException e) {
            // The group is given up already; the first failure is the one to report.
        }
    }

    private static PeerLostException lost(String why, RuntimeException cause) {
        return new PeerLostException("a rank was lost: " + why, cause);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (!failed) {
                fail();
            }
            gloo.close();
        }
    }
}
