package io.densespark.model.cuda;

import io.densespark.model.tensor.Vector;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.nccl;
import org.bytedeco.cuda.nccl.ncclComm;
import org.bytedeco.cuda.nccl.ncclConfig_t;
import org.bytedeco.cuda.nccl.ncclUniqueId;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * One rank's communicator of NCCL, and the stream on which its sums run. Nothing here waits for the peers: what needs
 * them goes on in a thread of NCCL's, and while {@link #state()} is that of progress nothing but that and {@link #abort()} may be called.
 */
final class Communicator implements AutoCloseable {
    /** What NCCL's headers call {@code NCCL_CONFIG_UNDEF_INT}. */
    private static final int UNDEFINED = Integer.MIN_VALUE;

    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private static final long POLL_NANOS = 50_000;

    private final ncclComm handle = new ncclComm();
    private final CUstream_st stream = new CUstream_st();
    private final Event before = new Event();

    private Communicator() {
        int[] lowest = new int[1];
        int[] highest = new int[1];
        Status.cuda(cudart.cudaDeviceGetStreamPriorityRange(lowest, highest), "asking for priorities");
        // So that a sum needn't wait for passes that don't come before it.
        Status.cuda(
                cudart.cudaStreamCreateWithPriority(stream, cudart.cudaStreamNonBlocking, highest[0]),
                "making a stream");
    }

    /** What the ranks of one communicator have in common, made by one of them. */
    static byte[] uniqueId() {
        try (ncclUniqueId id = new ncclUniqueId()) {
            Status.nccl(nccl.ncclGetUniqueId(id), "naming a communicator");
            byte[] bytes = new byte[nccl.NCCL_UNIQUE_ID_BYTES];
            new BytePointer(id).get(bytes);
            return bytes;
        }
    }

    /** Begins to connect to the other ranks, for the GPU that is this thread's current one. */
    static Communicator begin(byte[] uniqueId, int rank, int worldSize) {
        Communicator communicator = new Communicator();
        try (ncclUniqueId id = new ncclUniqueId();
                ncclConfig_t config = new ncclConfig_t()) {
            new BytePointer(id).put(uniqueId);
            initialize(config);
            Status.nccl(
                    nccl.ncclCommInitRankConfig(communicator.handle, worldSize, id, rank, config),
                    "making a communicator");
            return communicator;
        } catch (RuntimeException e) {
            communicator.close();
            throw e;
        }
    }

    /** As the macro {@code NCCL_CONFIG_INITIALIZER} does, but that it doesn't block. */
    private static void initialize(ncclConfig_t config) {
        config.size(config.sizeof()).magic(nccl.NCCL_API_MAGIC).version(nccl.NCCL_VERSION_CODE);
        config.blocking(0);
        config.cgaClusterSize(UNDEFINED).minCTAs(UNDEFINED).maxCTAs(UNDEFINED).netName(null);
        config.splitShare(UNDEFINED).trafficClass(UNDEFINED).commName(null).collnetEnable(UNDEFINED);
        config.CTAPolicy(UNDEFINED).shrinkShare(UNDEFINED).nvlsCTAs(UNDEFINED).nChannelsPerNetPeer(UNDEFINED);
        config.nvlinkCentricSched(UNDEFINED).graphUsageMode(UNDEFINED).numRmaCtx(UNDEFINED);
    }

    /** How the last call goes on: {@link nccl#ncclSuccess}, {@link nccl#ncclInProgress} or an error. */
    int state() {
        int[] state = new int[1];
        int status = nccl.ncclCommGetAsyncError(handle, state);
        return status == nccl.ncclSuccess ? state[0] : status;
    }

    static boolean isError(int state) {
        return state != nccl.ncclSuccess && state != nccl.ncclInProgress;
    }

    /**
     * Starts the sum of all ranks' vectors in place, after all that {@code passes} was given before.
     *
     * @param passes the stream on which the vector is written
     * @return how the call goes on, as {@link #state()}
     */
    int allReduce(Vector vector, CUstream_st passes) {
        before.record(passes);
        before.holdBack(stream);
        FloatPointer address = DeviceAddress.at(DeviceAddress.address(vector));
        int type =
                switch (vector.storage().type()) {
                    case FLOAT -> nccl.ncclFloat32;
                    case DOUBLE -> nccl.ncclFloat64;
                    case BFLOAT16 -> nccl.ncclBfloat16;
                };
        return nccl.ncclAllReduce(address, address, vector.length(), type, nccl.ncclSum, handle, stream);
    }

    /** Marks the sums that were started until now. */
    Event mark() {
        Event event = new Event();
        event.record(stream);
        return event;
    }

    /** The end that comes when all sums are through. */
    void finish() {
        int state = nccl.ncclCommFinalize(handle);
        long start = System.nanoTime();
        while (state == nccl.ncclInProgress && System.nanoTime() - start < END_LIMIT.toNanos()) {
            LockSupport.parkNanos(POLL_NANOS);
            state = state();
        }
        if (state == nccl.ncclSuccess) {
            end(() -> nccl.ncclCommDestroy(handle));
        } else {
            // All that the caller wanted of it is done.
            abort();
        }
    }

    /** Ends the sums that run or wait, whatever their peers do. The vectors are worth nothing then. */
    void abort() {
        end(() -> nccl.ncclCommAbort(handle));
    }

    /** These two calls block, also of a communicator that doesn't, and may hang as others do. */
    private static void end(Runnable call) {
        Thread thread = new Thread(call, "nccl-end");
        thread.setDaemon(true);
        thread.start();
        boolean isInterrupted = false;
        long start = System.nanoTime();
        while (thread.isAlive() && System.nanoTime() - start < END_LIMIT.toNanos()) {
            try {
                thread.join(END_LIMIT.toMillis());
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Frees the stream, after {@link #finish()} or {@link #abort()}. */
    @Override
    public void close() {
        before.close();
        Status.cuda(cudart.cudaStreamDestroy(stream), "closing a stream");
    }
}
