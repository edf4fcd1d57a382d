package io.densespark.model.cuda;

import io.densespark.model.tensor.ByteTable;
import io.densespark.model.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Floats and bytes from Java's heap to a GPU while it computes: through two pieces of page-locked memory, one of which travels while
 * Java fills the other, into landing memory on the GPU, by a stream of their own; the stream of the passes copies them from
 * there to where they belong, in its order.
 */
final class Upload implements AutoCloseable {
    private static final int PIECES = 2;

    /** Bytes of a piece: far above the few microseconds that starting a copy takes. */
    private static final int PIECE = 4 << 20;

    private final CUstream_st passes;
    private final Launcher launcher;
    private final Stream copies = new Stream();
    private final List<BytePointer> pieces = new ArrayList<>();
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
            BytePointer memory = new BytePointer((Pointer) null);
            Status.cuda(cudart.cudaMallocHost(memory, PIECE), "allocating page-locked memory");
            pieces.add(memory.capacity(PIECE));
            gone.add(new Event());
        }
    }

    /** Copies {@code source[at..at + length)} to {@code target}, after the passes that were started before. */
    void copy(float[] source, int at, int length, long target) {
        long arrival = land(source, at, length);
        move(target, DeviceAddress.at(arrival), (long) length * Float.BYTES, passes, cudart.cudaMemcpyDeviceToDevice);
        taken.record(passes);
    }

    /** The same for long numbers. */
    void copy(long[] source, long target) {
        long bytes = (long) source.length * Long.BYTES;
        long arrival = begin(bytes);
        send(bytes, arrival, (piece, done, count) -> new LongPointer(piece)
                .put(source, (int) (done / Long.BYTES), count / Long.BYTES));
        end();
        move(target, DeviceAddress.at(arrival), bytes, passes, cudart.cudaMemcpyDeviceToDevice);
        taken.record(passes);
    }

    /** Floats, rounded to bfloat16. */
    void round(float[] source, int at, int length, long target) {
        long arrival = land(source, at, length);
        launcher.launch(Pass.ROUND_VECTOR, Grid.ofVector(length), arrival, target, length);
        taken.record(passes);
    }

    /** Bytes instead, of which {@code table} makes {@code numbers}; it travels with them. */
    void lookUp(byte[] source, int at, int length, ByteTable table, Numbers numbers, long target) {
        float[] values = table.values();
        long tableBytes = (long) values.length * Float.BYTES;
        long arrival = begin(tableBytes + length);
        send(values, 0, values.length, arrival);
        send(length, arrival + tableBytes, (piece, done, count) -> piece.put(source, (int) (at + done), count));
        end();
        launcher.launch(
                Pass.LOOK_UP,
                numbers,
                Grid.ofVector(length),
                arrival + tableBytes,
                arrival,
                target,
                length,
                table.channels());
        taken.record(passes);
    }

    /** Has the floats in the landing memory for the passes to come; {@link #taken} says when it is free again. */
    private long land(float[] source, int at, int length) {
        long arrival = begin((long) length * Float.BYTES);
        send(source, at, length, arrival);
        end();
        return arrival;
    }

    private long begin(long bytes) {
        long arrival = landing.address(bytes);
        taken.holdBack(copies.handle());
        return arrival;
    }

    private void send(float[] source, int at, int length, long arrival) {
        send((long) length * Float.BYTES, arrival, (piece, done, count) -> new FloatPointer(piece)
                .put(source, (int) (at + done / Float.BYTES), count / Float.BYTES));
    }

    private void send(long bytes, long arrival, Filling filling) {
        for (long done = 0; done < bytes; ) {
            int count = (int) Math.min(PIECE, bytes - done);
            BytePointer piece = pieces.get(next);
            gone.get(next).await();
            filling.fill(piece, done, count);
            move(arrival + done, piece, count, copies.handle(), cudart.cudaMemcpyHostToDevice);
            gone.get(next).record(copies.handle());
            next = (next + 1) % PIECES;
            done += count;
        }
    }

    /** Puts some bytes of what is sent, of which so many were sent before, at the beginning of a piece. */
    @FunctionalInterface
    private interface Filling {
        void fill(BytePointer piece, long done, int count);
    }

    private void end() {
        landed.record(copies.handle());
        landed.holdBack(passes);
    }

    private static void move(long target, Pointer source, long bytes, CUstream_st stream, int kind) {
        Status.cuda(
                cudart.cudaMemcpyAsync(DeviceAddress.at(target), source, bytes, kind, stream), "copying to the GPU");
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
