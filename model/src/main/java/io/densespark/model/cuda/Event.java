package io.densespark.model.cuda;

import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;

/** A mark on a stream: whether the GPU has come there, for Java and for other streams. */
final class Event implements AutoCloseable {
    private static final int WITHOUT_TIMING = 2;

    private final CUevent_st event = new CUevent_st();

    Event() {
        Status.cuda(cudart.cudaEventCreateWithFlags(event, WITHOUT_TIMING), "making an event");
    }

    /** Marks what was started on {@code stream} until now. */
    void record(CUstream_st stream) {
        Status.cuda(cudart.cudaEventRecord(event, stream), "marking a stream");
    }

    /** Lets what is started on {@code stream} from now on wait for what was marked last. */
    void holdBack(CUstream_st stream) {
        Status.cuda(cudart.cudaStreamWaitEvent(stream, event), "joining two streams");
    }

    /** Waits until the GPU has come there. */
    void await() {
        Status.cuda(cudart.cudaEventSynchronize(event), "waiting for the GPU");
    }

    /** Whether the GPU has come there. */
    boolean isReached() {
        int status = cudart.cudaEventQuery(event);
        if (status == cudart.cudaErrorNotReady) {
            return false;
        }
        Status.cuda(status, "looking after the GPU");
        return true;
    }

    @Override
    public void close() {
        Status.cuda(cudart.cudaEventDestroy(event), "closing an event");
    }
}
