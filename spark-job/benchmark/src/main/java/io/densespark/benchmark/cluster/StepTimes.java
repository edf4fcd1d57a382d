package io.densespark.benchmark.cluster;

import io.densespark.model.replica.PassTimes;
import io.densespark.model.replica.StepOutcome;
import java.io.Serializable;
import java.util.function.ToDoubleFunction;

/** The seconds of each {@link Phase} of one step of one rank; they add up to the step. */
record StepTimes(
        double forward,
        double recompute,
        double backward,
        double allReduce,
        double optimizer,
        double dataWait,
        double other)
        implements Serializable {

    /**
     * The step's times from what was measured.
     *
     * @param dataWait seconds without a batch
     * @param total seconds of the whole step; what the parts leave of it is {@code other}
     */
    static StepTimes of(StepOutcome outcome, double dataWait, double total) {
        PassTimes pass = outcome.times();
        double parts = pass.forwardSeconds()
                + pass.recomputeSeconds()
                + pass.backwardSeconds()
                + outcome.allReduceSeconds()
                + outcome.optimizerSeconds()
                + dataWait;
        return new StepTimes(
                pass.forwardSeconds(),
                pass.recomputeSeconds(),
                pass.backwardSeconds(),
                outcome.allReduceSeconds(),
                outcome.optimizerSeconds(),
                dataWait,
                Math.max(0, total - parts));
    }

    /** One number for each phase. */
    static StepTimes of(ToDoubleFunction<Phase> value) {
        return new StepTimes(
                value.applyAsDouble(Phase.FORWARD),
                value.applyAsDouble(Phase.RECOMPUTE),
                value.applyAsDouble(Phase.BACKWARD),
                value.applyAsDouble(Phase.ALL_REDUCE),
                value.applyAsDouble(Phase.OPTIMIZER),
                value.applyAsDouble(Phase.DATA_WAIT),
                value.applyAsDouble(Phase.OTHER));
    }

    double seconds(Phase phase) {
        return switch (phase) {
            case FORWARD -> forward;
            case RECOMPUTE -> recompute;
            case BACKWARD -> backward;
            case ALL_REDUCE -> allReduce;
            case OPTIMIZER -> optimizer;
            case DATA_WAIT -> dataWait;
            case OTHER -> other;
        };
    }

    /** The whole step. */
    double total() {
        return own() + allReduce;
    }

    /** The step without the all-reduce, in which fast ranks wait for slow ones. */
    double own() {
        return forward + recompute + backward + optimizer + dataWait + other;
    }
}
