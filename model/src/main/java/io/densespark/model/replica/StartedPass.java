package io.densespark.model.replica;

import io.densespark.model.kernels.Mark;
import java.util.List;
import java.util.function.Supplier;

/**
 * A forward and backward pass whose passes were all started; on a device they may go on. It is awaited at most
 * once, by the replica's thread and before the replica begins the pass after the next.
 */
public final class StartedPass {
    /**
     * What came of it.
     *
     * @param result of this replica's images
     * @param times where the time went
     */
    public record Outcome(BatchResult result, PassTimes times) {}

    private final Supplier<BatchResult> result;
    private final Supplier<PassTimes> times;

    private StartedPass(Supplier<BatchResult> result, Supplier<PassTimes> times) {
        this.result = result;
        this.times = times;
    }

    /** One that is over. */
    static StartedPass done(BatchResult result, PassTimes times) {
        return new StartedPass(() -> result, () -> times);
    }

    /**
     * One that goes on.
     *
     * @param result waits for the loss
     * @param marks before the forward pass, behind it where they are two programs, and behind the backward pass
     */
    static StartedPass running(Supplier<BatchResult> result, List<Mark> marks) {
        return new StartedPass(result, () -> times(marks));
    }

    private static PassTimes times(List<Mark> marks) {
        int last = marks.size() - 1;
        double forward = last < 2 ? 0 : marks.get(1).secondsSince(marks.get(0));
        double backward = marks.get(last).secondsSince(marks.get(last - 1));
        marks.forEach(Mark::close);
        return new PassTimes(forward, 0, backward);
    }

    /** Waits until all passes are done. */
    public Outcome await() {
        return new Outcome(result.get(), times.get());
    }
}
