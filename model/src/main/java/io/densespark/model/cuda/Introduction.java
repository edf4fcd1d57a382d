package io.densespark.model.cuda;

import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PeerWatch;
import io.densespark.model.collective.ProcessGroup;
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
     * @throws java.io.UncheckedIOException if no port of the endpoint's range could be had
     */
    static Introduction hold(ProcessGroup control, Endpoint endpoint, BooleanSupplier cancelled) {
        byte[] own = control.rank() == 0 ? Communicator.uniqueId() : new byte[nccl.NCCL_UNIQUE_ID_BYTES];
        return new Introduction(PeerWatch.tell(control, own), PeerWatch.meet(control, endpoint, cancelled));
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
