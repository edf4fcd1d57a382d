package io.densespark.model.cuda;

import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.ProcessGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.bytedeco.cuda.global.nccl;

/** What ranks have to know of each other before they can join by NCCL, told by a group in main memory. */
final class Introduction {
    private final byte[] uniqueId;
    private final PeerWatch watch;

    private Introduction(byte[] uniqueId, PeerWatch watch) {
        this.uniqueId = uniqueId;
        this.watch = watch;
    }

    /**
     * Connects all ranks to rank 0; returns when they are.
     *
     * @throws io.densespark.model.collective.PeerLostException if a rank doesn't come in time
     * @throws UncheckedIOException if no port of the endpoint's range could be had
     */
    static Introduction hold(ProcessGroup control, Endpoint endpoint, BooleanSupplier cancelled) {
        try {
            return control.rank() == 0 ? invite(control, endpoint, cancelled) : follow(control, endpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static Introduction invite(ProcessGroup control, Endpoint endpoint, BooleanSupplier cancelled)
            throws IOException {
        byte[] uniqueId = Communicator.uniqueId();
        try (PeerConnections connections = PeerConnections.listen(endpoint)) {
            tell(control, message().put(uniqueId).put(connections.invitation()));
            Map<Integer, SocketChannel> peers =
                    connections.accept(control.worldSize(), endpoint.connectTimeout(), cancelled);
            return new Introduction(uniqueId, PeerWatch.start(0, peers));
        }
    }

    private static Introduction follow(ProcessGroup control, Endpoint endpoint) throws IOException {
        byte[] uniqueId = new byte[nccl.NCCL_UNIQUE_ID_BYTES];
        byte[] invitation = new byte[PeerConnections.INVITATION_BYTES];
        tell(control, message()).get(uniqueId).get(invitation);
        SocketChannel zero = PeerConnections.connect(invitation, control.rank(), endpoint.connectTimeout());
        return new Introduction(uniqueId, PeerWatch.start(control.rank(), Map.of(0, zero)));
    }

    private static ByteBuffer message() {
        return ByteBuffer.allocate(nccl.NCCL_UNIQUE_ID_BYTES + PeerConnections.INVITATION_BYTES);
    }

    /** Rank 0's message, on all ranks: the others pass zeros. */
    private static ByteBuffer tell(ProcessGroup control, ByteBuffer message) {
        double[] values = new double[message.capacity()];
        for (int i = 0; i < values.length; i++) {
            values[i] = message.get(i);
        }
        double[] sums = control.sum(values);
        ByteBuffer told = message();
        for (double sum : sums) {
            told.put((byte) sum);
        }
        return told.flip();
    }

    /** The name of the communicator. */
    byte[] uniqueId() {
        return uniqueId;
    }

    /** Over the other ranks; whoever asked for the introduction closes it. */
    PeerWatch watch() {
        return watch;
    }
}
