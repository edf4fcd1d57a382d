package io.densespark.model.cuda;

import io.densespark.model.kernels.Mark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;

/** When the GPU came to points of a stream, by its own clock. Points that nobody asks any more are used again. */
final class TimedEvents implements AutoCloseable {
    private final Stream stream;
    private final List<CUevent_st> all = new ArrayList<>();
    private final Deque<CUevent_st> free = new ArrayDeque<>();

    TimedEvents(Stream stream) {
        this.stream = stream;
    }

    /** Marks what was started until now. */
    Mark mark() {
        CUevent_st event = free.isEmpty() ? create() : free.pop();
        Status.cuda(cudart.cudaEventRecord(event, stream.handle()), "marking a stream");
        return new Point(event);
    }

    private CUevent_st create() {
        CUevent_st event = new CUevent_st();
        Status.cuda(cudart.cudaEventCreate(event), "making an event");
        all.add(event);
        return event;
    }

    private final class Point implements Mark {
        private final CUevent_st event;

        Point(CUevent_st event) {
            this.event = event;
        }

        @Override
        public double secondsSince(Mark earlier) {
            if (!(earlier instanceof Point start)) {
                throw new IllegalArgumentException("marks of two devices");
            }
            Status.cuda(cudart.cudaEventSynchronize(event), "waiting for the GPU");
            float[] milliseconds = new float[1];
            Status.cuda(cudart.cudaEventElapsedTime(milliseconds, start.event, event), "asking for a time");
            return milliseconds[0] / 1e3;
        }

        @Override
        public void close() {
            free.push(event);
        }
    }

    @Override
    public void close() {
        all.forEach(event -> Status.cuda(cudart.cudaEventDestroy(event), "closing an event"));
    }
}
