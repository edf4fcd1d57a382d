package io.densespark.model.libtorch;

import io.densespark.model.ModelException;
import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.PortRange;
import io.densespark.model.tensor.Vector;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.gloo.Device;

/** Sums over replicas by c10d's Gloo, in main memory. A killed peer shows at once, a frozen one at the timeout. */
public final class GlooProcessGroup extends C10dProcessGroup {
    private static final int THREADS = 1;

    private GlooProcessGroup(int rank, int worldSize, BooleanSupplier cancelled, ProcessGroupGloo gloo) {
        super(rank, worldSize, cancelled, gloo);
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
                return new GlooProcessGroup(rank, worldSize, cancelled, gloo);
            } catch (RuntimeException e) {
                String listens = "at " + Endpoint.text(endpoint.address(), GlooDevice.port(device));
                String limit = " (limit " + endpoint.connectTimeout().toSeconds() + " s)";
                throw notJoined(rank, worldSize, listens, glooReason(e) + limit, e);
            }
        }
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
    String reason(RuntimeException failure) {
        return glooReason(failure);
    }

    private static String glooReason(RuntimeException failure) {
        return GlooDevice.readable(TensorStorage.firstLine(failure));
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
