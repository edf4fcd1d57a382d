package io.densespark.model.cuda;

import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;

/** The order in which a GPU does what a replica asks of it, one thing after the other; Java runs ahead. */
final class Stream implements AutoCloseable {
    private final CUstream_st stream = new CUstream_st();
    private int moves;

    Stream() {
        Status.cuda(cudart.cudaStreamCreateWithFlags(stream, cudart.cudaStreamNonBlocking), "making a stream");
    }

    CUstream_st handle() {
        return stream;
    }

    /** Copies native memory, which may be freed afterwards. */
    void copyToDevice(Pointer source, long target, long bytes) {
        copy(DeviceAddress.at(target), source, bytes, cudart.cudaMemcpyHostToDevice);
        await();
    }

    /** Copies into native memory, once all passes before are through. */
    void copyToHost(long source, Pointer target, long bytes) {
        copy(target, DeviceAddress.at(source), bytes, cudart.cudaMemcpyDeviceToHost);
        await();
    }

    private void copy(Pointer target, Pointer source, long bytes, int kind) {
        if (bytes > 0) {
            Status.cuda(cudart.cudaMemcpyAsync(target, source, bytes, kind, stream), "copying " + bytes + " bytes");
        }
    }

    void zero(long address, long bytes) {
        if (bytes > 0) {
            Status.cuda(
                    cudart.cudaMemsetAsync(DeviceAddress.at(address), 0, bytes, stream),
                    "setting " + bytes + " bytes to zero");
        }
    }

    /** Says that memory which its passes used has another address from now on. */
    void moved() {
        moves++;
    }

    /** How often that happened: passes that were recorded before are worth nothing. */
    int moves() {
        return moves;
    }

    /** Waits until all that was started is done. */
    void await() {
        Status.cuda(cudart.cudaStreamSynchronize(stream), "waiting for the GPU");
    }

    @Override
    public void close() {
        Status.cuda(cudart.cudaStreamDestroy(stream), "closing a stream");
    }
}
