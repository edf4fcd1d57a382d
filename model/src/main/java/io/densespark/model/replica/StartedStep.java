package io.densespark.model.replica;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.kernels.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A step that was started; on a device it may go on. Awaited at most once. */
final class StartedStep {
    private final StartedPass pass;
    private final int globalImages;
    /** Behind the passes, the sums and the optimizer. */
    private final List<Mark> marks = new ArrayList<>();

    private List<ProcessGroup.Pending> sums = List.of();
    private Supplier<Float> bias = () -> Float.NaN;

    /** @param passes a mark behind the passes */
    StartedStep(StartedPass pass, int globalImages, Mark passes) {
        this.pass = pass;
        this.globalImages = globalImages;
        marks.add(passes);
    }

    /** @param lastBias an element of the summed gradients that isn't a number if a loss isn't finite */
    void summed(List<ProcessGroup.Pending> started, Mark behind, Supplier<Float> lastBias) {
        sums = started;
        marks.add(behind);
        bias = lastBias;
    }

    void moved(Mark behind) {
        marks.add(behind);
    }

    /** Waits for its end. The sums come first: they alone know how long peers may take. */
    StepOutcome await() {
        sums.forEach(ProcessGroup.Pending::await);
        boolean areNumbers = !Float.isNaN(bias.get());
        double allReduce = marks.get(1).secondsSince(marks.get(0));
        double optimizer = marks.get(2).secondsSince(marks.get(1));
        marks.forEach(Mark::close);
        StartedPass.Outcome outcome = pass.await();
        return new StepOutcome(outcome.result(), globalImages, areNumbers, outcome.times(), allReduce, optimizer);
    }
}
