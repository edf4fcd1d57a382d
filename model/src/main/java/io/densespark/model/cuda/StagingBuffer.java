package io.densespark.model.cuda;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Two pieces of page-locked memory, filled by turns: one travels to the GPU while Java fills the other. Each is filled
 * again only once what it held has arrived.
 */
final class StagingBuffer implements AutoCloseable {
    private static final int PIECES = 2;

    /** Elements of a piece: 4 MiB, far above the few microseconds that starting a copy takes. */
    private static final int ELEMENTS = 1 << 20;

    private static final int WITHOUT_TIMING = 2;

    private final CUstream_st stream;
    private final List<FloatPointer> pieces = new ArrayList<>();
    private final List<CUevent_st> arrived = new ArrayList<>();
    private int next;

    StagingBuffer(CUstream_st stream) {
        this.stream = stream;
        for (int piece = 0; piece < PIECES; piece++) {
            FloatPointer memory = new FloatPointer((Pointer) null);
            Status.cuda(cudart.cudaMallocHost(memory, (long) ELEMENTS * Float.BYTES), "allocating page-locked memory");
            pieces.add(memory.capacity(ELEMENTS));
            CUevent_st event = new CUevent_st();
            Status.cuda(cudart.cudaEventCreateWithFlags(event, WITHOUT_TIMING), "making an event");
            arrived.add(event);
        }
    }

    void copy(float[] source, int at, int length, long target) {
        for (int done = 0; done < length; ) {
            int count = Math.min(ELEMENTS, length - done);
            FloatPointer piece = pieces.get(next);
            CUevent_st event = arrived.get(next);
            Status.cuda(cudart.cudaEventSynchronize(event), "waiting for a copy");
            piece.put(source, at + done, count);
            Status.cuda(
                    cudart.cudaMemcpyAsync(
                            DeviceAddress.at(target + (long) done * Float.BYTES),
                            piece,
                            (long) count * Float.BYTES,
                            cudart.cudaMemcpyHostToDevice,
                            stream),
                    "copying to the GPU");
            Status.cuda(cudart.cudaEventRecord(event, stream), "marking a copy");
            next = (next + 1) % PIECES;
            done += count;
        }
    }

    @Override
    public void close() {
        arrived.forEach(event -> Status.cuda(cudart.cudaEventDestroy(event), "closing an event"));
        pieces.forEach(piece -> Status.cuda(cudart.cudaFreeHost(piece), "freeing page-locked memory"));
    }
}
