package io.densespark.model.cuda;

import io.densespark.model.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Floats from Java's heap to a GPU while it computes: through two pieces of page-locked memory, one of which travels while
 * Java fills the other, into landing memory on the GPU, by a stream of their own; the stream of the passes copies them from
 * there to where they belong, in its order.
 */
final class Upload implements AutoCloseable {
    private static final int PIECES = 2;

    /** Elements of a piece: 4 MiB, far above the few microseconds that starting a copy takes. */
    private static final int ELEMENTS = 1 << 20;

    private static final int WITHOUT_TIMING = 2;
    private static final int NO_FLAGS = 0;

    private final CUstream_st passes;
    private final CUstream_st copies = new CUstream_st();
    private final List<FloatPointer> pieces = new ArrayList<>();
    private final List<CUevent_st> gone = new ArrayList<>();
    private final CUevent_st landed;
    private final CUevent_st taken;
    private final Scratch landing;
    private int next;

    Upload(Device device, Stream stream) {
        passes = stream.handle();
        landing = new Scratch(device, stream);
        Status.cuda(cudart.cudaStreamCreateWithFlags(copies, cudart.cudaStreamNonBlocking), "making a stream");
        for (int piece = 0; piece < PIECES; piece++) {
            FloatPointer memory = new FloatPointer((Pointer) null);
            Status.cuda(cudart.cudaMallocHost(memory, (long) ELEMENTS * Float.BYTES), "allocating page-locked memory");
            pieces.add(memory.capacity(ELEMENTS));
            gone.add(event());
        }
        landed = event();
        taken = event();
    }

    private static CUevent_st event() {
        CUevent_st event = new CUevent_st();
        Status.cuda(cudart.cudaEventCreateWithFlags(event, WITHOUT_TIMING), "making an event");
        return event;
    }

    /** Copies {@code source[at..at + length)} to {@code target}, after the passes that were started before. */
    void copy(float[] source, int at, int length, long target) {
        long bytes = (long) length * Float.BYTES;
        long arrival = landing.address(bytes);
        Status.cuda(cudart.cudaStreamWaitEvent(copies, taken, NO_FLAGS), "waiting for landing memory");
        for (int done = 0; done < length; ) {
            int count = Math.min(ELEMENTS, length - done);
            FloatPointer piece = pieces.get(next);
            Status.cuda(cudart.cudaEventSynchronize(gone.get(next)), "waiting for a copy");
            piece.put(source, at + done, count);
            move(arrival + (long) done * Float.BYTES, piece, count, copies, cudart.cudaMemcpyHostToDevice);
            Status.cuda(cudart.cudaEventRecord(gone.get(next), copies), "marking a copy");
            next = (next + 1) % PIECES;
            done += count;
        }
        Status.cuda(cudart.cudaEventRecord(landed, copies), "marking a copy");
        Status.cuda(cudart.cudaStreamWaitEvent(passes, landed, NO_FLAGS), "waiting for a copy");
        move(target, DeviceAddress.at(arrival), length, passes, cudart.cudaMemcpyDeviceToDevice);
        Status.cuda(cudart.cudaEventRecord(taken, passes), "marking a copy");
    }

    private static void move(long target, Pointer source, long elements, CUstream_st stream, int kind) {
        Status.cuda(
                cudart.cudaMemcpyAsync(DeviceAddress.at(target), source, elements * Float.BYTES, kind, stream),
                "copying to the GPU");
    }

    @Override
    public void close() {
        Status.cuda(cudart.cudaStreamSynchronize(copies), "waiting for copies");
        landing.close();
        gone.forEach(Upload::close);
        close(landed);
        close(taken);
        pieces.forEach(piece -> Status.cuda(cudart.cudaFreeHost(piece), "freeing page-locked memory"));
        Status.cuda(cudart.cudaStreamDestroy(copies), "closing a stream");
    }

    private static void close(CUevent_st event) {
        Status.cuda(cudart.cudaEventDestroy(event), "closing an event");
    }
}
