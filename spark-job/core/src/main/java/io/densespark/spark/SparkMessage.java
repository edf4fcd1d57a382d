package io.densespark.spark;

import io.densespark.data.files.Causes;
import io.densespark.data.files.Obstacle;
import java.io.IOException;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;

/** What keeps Spark from starting, in words for users. */
final class SparkMessage {
    /** What a context meets that was stopped while it was still being made. */
    private static final Pattern STOPPED = Pattern.compile("on a (?:running MetricsSystem|stopped SparkContext)");

    private SparkMessage() {}

    /** The words for an error of Spark's start; empty if nobody foresaw it. */
    static Optional<String> ofStart(Throwable error) {
        if (error instanceof ClassNotFoundException || error instanceof NoClassDefFoundError) {
            return Optional.of("there is no class " + Obstacle.reason(error)
                    + ": give its jar by --jars or --packages, or take it out of Spark's settings");
        }
        boolean isForeseen = error instanceof SparkException
                || error instanceof IllegalArgumentException
                || error instanceof NoSuchElementException
                || error instanceof IOException;
        return isForeseen ? Optional.of(reason(error)) : Optional.empty();
    }

    /** What an error says, and what the first cause says if that is something else. */
    private static String reason(Throwable error) {
        String own = Obstacle.reason(error);
        Throwable first = Causes.of(error).reduce(error, (before, cause) -> cause);
        String root = Obstacle.reason(first);
        return own.contains(root) ? own : own + " (" + root + ")";
    }

    /** Whether the context was stopped under the feet of who used it. */
    static boolean isOfStoppedContext(Throwable error) {
        return STOPPED.matcher(Obstacle.reason(error)).find();
    }
}
