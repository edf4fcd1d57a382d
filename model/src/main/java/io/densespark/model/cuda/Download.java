package io.densespark.model.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A few bytes at a time from a GPU to Java while it goes on: they travel in the order of the passes to page-locked memory,
 * and wait there until they are asked for.
 */
final class Download implements AutoCloseable {
    /** What may travel or wait at a time: of each of two steps, its loss and whether gradients are numbers. */
    private static final int SLOTS = 4;

    /** Bytes of a slot. */
    private static final int MOST = 16;

    private final Stream stream;
    private final BytePointer memory = new BytePointer((Pointer) null);
    private final List<Event> arrived = new ArrayList<>();
    private long taken;

    Download(Stream stream) {
        this.stream = stream;
        Status.cuda(cudart.cudaMallocHost(memory, SLOTS * (long) MOST), "allocating page-locked memory");
        memory.capacity(SLOTS * (long) MOST);
        for (int slot = 0; slot < SLOTS; slot++) {
            arrived.add(new Event());
        }
    }

    /**
     * What lies at {@code address} once the passes that were started until now are through.
     *
     * @param bytes at most 16
     * @param value made of these bytes when it is asked for
     * @return waits until they are there; only so long as fewer than four others were taken since
     */
    <T> Supplier<T> take(long address, int bytes, Function<ByteBuffer, T> value) {
        long number = taken++;
        int slot = (int) (number % SLOTS);
        long start = slot * (long) MOST;
        BytePointer place = memory.getPointer(start);
        Status.cuda(
                cudart.cudaMemcpyAsync(
                        place, DeviceAddress.at(address), bytes, cudart.cudaMemcpyDeviceToHost, stream.handle()),
                "copying from the GPU");
        arrived.get(slot).record(stream.handle());
        return () -> {
            if (taken - number > SLOTS) {
                throw new IllegalStateException("what was copied from the GPU was read too late");
            }
            arrived.get(slot).await();
            byte[] copy = new byte[bytes];
            place.get(copy);
            return value.apply(ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder()));
        };
    }

    @Override
    public void close() {
        arrived.forEach(Event::close);
        Status.cuda(cudart.cudaFreeHost(memory), "freeing page-locked memory");
    }
}
