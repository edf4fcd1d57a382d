package io.densespark.model.libtorch;

import io.densespark.model.collective.PeerLostException;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Vector;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/**
 * Sums over replicas on GPUs by c10d's NCCL, from device to device. Every rank has a GPU of its own.
 *
 * <p>It needs the job jar's build with CUDA. It has been compiled and linked against that build, and never run: no
 * machine with a GPU was at hand.
 *
 * <p>NCCL chooses its network interfaces and ports itself: the environment variable {@code NCCL_SOCKET_IFNAME} names the
 * interfaces, and its ports are the kernel's choice ({@code net.ipv4.ip_local_port_range}). It has no setting for a range
 * of ports; only the {@link Rendezvous} keeps to one.
 */
public final class NcclProcessGroup extends C10dProcessGroup {
    private final Device device;

    private NcclProcessGroup(int rank, int worldSize, BooleanSupplier cancelled, ProcessGroupNCCL nccl, Device device) {
        super(rank, worldSize, cancelled, nccl);
        this.device = device;
    }

    /**
     * Joins the group, and returns when all ranks have: NCCL itself would connect no earlier than in the first sum.
     *
     * @param rendezvous open until this group is closed
     * @param device this rank's GPU, on which the vectors to sum lie
     * @param timeout how long to wait for silent peers, here and in each sum
     * @param cancelled asked while waiting; once true, the wait ends with a {@link PeerLostException}
     * @throws PeerLostException if a rank doesn't join in time
     */
    public static NcclProcessGroup join(
            Rendezvous rendezvous,
            int rank,
            int worldSize,
            Device device,
            Duration timeout,
            BooleanSupplier cancelled) {
        try (PointerScope scope = new PointerScope()) {
            var options = ProcessGroupNCCL.Options.create();
            options.timeout(new Milliseconds(timeout.toMillis()));
            var nccl = new ProcessGroupNCCL(rendezvous.keys(), rank, worldSize, options);
            nccl.retainReference();
            NcclProcessGroup group = new NcclProcessGroup(rank, worldSize, cancelled, nccl, device);
            try {
                group.sum(new double[] {1});
                return group;
            } catch (RuntimeException e) {
                group.close();
                throw e;
            }
        } catch (PeerLostException e) {
            throw e;
        } catch (RuntimeException e) {
            String why = TensorStorage.firstLine(e) + " (limit " + timeout.toSeconds() + " s)";
            throw notJoined(rank, worldSize, "on " + device, why, e);
        }
    }

    @Override
    public void sum(Vector vector) {
        try (PointerScope scope = new PointerScope()) {
            allReduce(TensorStorage.view(vector));
        }
    }

    @Override
    public double[] sum(double[] values) {
        try (TensorStorage storage = TensorStorage.allocate(device, ElementType.DOUBLE, values.length)) {
            Vector onDevice = new Vector(storage, 0, values.length);
            storage.write(0, values, values.length);
            sum(onDevice);
            return onDevice.toDoubles();
        }
    }
}
