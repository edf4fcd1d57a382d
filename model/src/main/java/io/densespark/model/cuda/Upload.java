package io.densespark.model.cuda;

import io.densespark.model.tensor.Device;
import java.util.ArrayList;
import java.util.List;
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

    private final CUstream_st passes;
    private final Launcher launcher;
    private final Stream copies = new Stream();
    private final List<FloatPointer> pieces = new ArrayList<>();
    private final List<Event> gone = new ArrayList<>();
    private final Event landed = new Event();
    private final Event taken = new Event();
    private final Scratch landing;
    private int next;

    /** @param launcher of passes on that stream */
    Upload(Device device, Launcher launcher, Stream stream) {
        passes = stream.handle();
        this.launcher = launcher;
        landing = new Scratch(device, stream);
        for (int piece = 0; piece < PIECES; piece++) {
            FloatPointer memory = new FloatPointer((Pointer) null);
            Status.cuda(cudart.cudaMallocHost(memory, (long) ELEMENTS * Float.BYTES), "allocating page-locked memory");
            pieces.add(memory.capacity(ELEMENTS));
            gone.add(new Event());
        }
    }

    /** Copies {@code source[at..at + length)} to {@code target}, after the passes that were started before. */
    void copy(float[] source, int at, int length, long target) {
        long arrival = land(source, at, length);
        move(target, DeviceAddress.at(arrival), length, passes, cudart.cudaMemcpyDeviceToDevice);
        taken.record(passes);
    }

    /** The same, rounded to bfloat16. */
    void round(float[] source, int at, int length, long target) {
        long arrival = land(source, at, length);
        launcher.launch(Pass.ROUND_VECTOR, Grid.ofVector(length), arrival, target, length);
        taken.record(passes);
    }

    /** Has the floats in the landing memory for the passes to come; {@link #taken} says when it is free again. */
    private long land(float[] source, int at, int length) {
        long bytes = (long) length * Float.BYTES;
        long arrival = landing.address(bytes);
        taken.holdBack(copies.handle());
        for (int done = 0; done < length; ) {
            int count = Math.min(ELEMENTS, length - done);
            FloatPointer piece = pieces.get(next);
            gone.get(next).await();
            piece.put(source, at + done, count);
            move(arrival + (long) done * Float.BYTES, piece, count, copies.handle(), cudart.cudaMemcpyHostToDevice);
            gone.get(next).record(copies.handle());
            next = (next + 1) % PIECES;
            done += count;
        }
        landed.record(copies.handle());
        landed.holdBack(passes);
        return arrival;
    }

    private static void move(long target, Pointer source, long elements, CUstream_st stream, int kind) {
        Status.cuda(
                cudart.cudaMemcpyAsync(DeviceAddress.at(target), source, elements * Float.BYTES, kind, stream),
                "copying to the GPU");
    }

    @Override
    public void close() {
        copies.await();
        landing.close();
        gone.forEach(Event::close);
        landed.close();
        taken.close();
        pieces.forEach(piece -> Status.cuda(cudart.cudaFreeHost(piece), "freeing page-locked memory"));
        copies.close();
    }
}
