package io.densespark.model.libtorch;

import io.densespark.model.collective.PeerLostException;
import io.densespark.model.tensor.Vector;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Sums over replicas by c10d's Gloo, in main memory. A killed peer shows at once, a frozen one at the timeout. */
public final class GlooProcessGroup extends C10dProcessGroup {
    private static final int THREADS = 1;

    private GlooProcessGroup(int rank, int worldSize, BooleanSupplier cancelled, ProcessGroupGloo gloo) {
        super(rank, worldSize, cancelled, gloo);
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
            var options = ProcessGroupGloo.Options.create(new Milliseconds(timeout.toMillis()));
            options.devices().push_back(ProcessGroupGloo.createDeviceForHostname(host));
            options.threads(THREADS);
            var gloo = new ProcessGroupGloo(rendezvous.keys(), rank, worldSize, options);
            gloo.retainReference();
            return new GlooProcessGroup(rank, worldSize, cancelled, gloo);
        } catch (RuntimeException e) {
            throw notJoined(worldSize, timeout, e);
        }
    }

    @Override
    public void sum(Vector vector) {
        try (PointerScope scope = new PointerScope()) {
            Tensor tensor = TensorStorage.view(vector);
            // On CPU this is the tensor itself.
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
}
