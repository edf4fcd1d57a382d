package io.densespark.spark.train;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.spark.settings.CheckpointSettings;
import java.util.function.BooleanSupplier;

/**
 * Says after which steps there is a checkpoint, and whether training stops there. By time it is rank 0's clock that counts, and any
 * rank may be asked to stop, so the ranks find out together in a sum of a few numbers; not after each step, but about twice
 * a second. All ranks make the same calls.
 */
final class CheckpointClock {
    private static final double SECONDS_BETWEEN_QUESTIONS = 0.5;
    private static final int MOST_STEPS_BETWEEN_QUESTIONS = 1000;

    private final CheckpointSettings settings;
    private final ProcessGroup group;
    private final BooleanSupplier isStopAsked;
    private long last = System.nanoTime();
    private long question = last;
    private int stepsSinceQuestion;
    private int stepsUntilQuestion = 1;

    /** What is to be done between two steps. */
    enum Wish {
        NOTHING,
        CHECKPOINT,
        /** After a checkpoint. */
        STOP
    }

    /** @param isStopAsked whether this rank is to see that training stops */
    CheckpointClock(CheckpointSettings settings, ProcessGroup group, BooleanSupplier isStopAsked) {
        this.settings = settings;
        this.group = group;
        this.isStopAsked = isStopAsked;
    }

    /** @param steps of the epoch that were begun, at least one */
    Wish after(int steps) {
        boolean isDue = settings.everySteps() > 0 && steps % settings.everySteps() == 0;
        stepsSinceQuestion++;
        Wish asked = stepsSinceQuestion < stepsUntilQuestion ? Wish.NOTHING : ask();
        return asked == Wish.NOTHING && isDue ? Wish.CHECKPOINT : asked;
    }

    /** The ranks' answer to whether a checkpoint is old, or one of them is to stop. */
    Wish ask() {
        long now = System.nanoTime();
        boolean isFirst = group.rank() == 0;
        boolean isOld =
                !settings.every().isZero() && now - last >= settings.every().toNanos();
        double[] all = group.sum(new double[] {
            isStopAsked.getAsBoolean() ? 1 : 0, isFirst && isOld ? 1 : 0, isFirst ? stepsUntilNext(now) : 0
        });
        question = now;
        stepsSinceQuestion = 0;
        stepsUntilQuestion = (int) all[2];
        if (all[0] > 0) {
            return Wish.STOP;
        }
        return all[1] > 0 ? Wish.CHECKPOINT : Wish.NOTHING;
    }

    /** At the pace of the steps since the last question; at most twice as many, since the first steps are slow. */
    private int stepsUntilNext(long now) {
        double seconds = Math.max(1e-9, (now - question) / 1e9);
        double steps = Math.min(
                stepsSinceQuestion * SECONDS_BETWEEN_QUESTIONS / seconds,
                Math.min(2.0 * stepsUntilQuestion, MOST_STEPS_BETWEEN_QUESTIONS));
        return Math.max(1, (int) steps);
    }

    /** A checkpoint was begun just now. */
    void begin() {
        last = System.nanoTime();
    }
}
