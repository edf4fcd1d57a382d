package io.densespark.spark.barrier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * How one rank of a barrier stage ended without a result.
 *
 * @param rank the rank's number
 * @param kind what happened
 * @param description Spark's account of it, with the executor's stack trace where there is one
 * @param exception what the task threw, where {@code kind} is {@code EXCEPTION} and the exception survived its journey
 *     to the driver (both sides know the class, and it serializes)
 */
public record TaskFailure(int rank, Kind kind, String description, Optional<Throwable> exception) {

    /** The ways to fail. Tasks that Spark killed because of another rank's failure are not counted. */
    public enum Kind {
        /** The task threw an exception. */
        EXCEPTION,
        /** The executor's process or host is gone. */
        EXECUTOR_LOST,
        /** Anything else, for example a result that could not be sent. */
        OTHER
    }

    @Override
    public String toString() {
        String firstLine = description.lines().findFirst().orElse("");
        return "rank " + rank + " failed: " + exception.map(TaskFailure::words).orElse(firstLine);
    }

    /** What files and connections meet says enough without the type of the error. */
    private static String words(Throwable error) {
        Throwable cause = error instanceof UncheckedIOException unchecked ? unchecked.getCause() : error;
        return Optional.ofNullable(cause)
                .filter(IOException.class::isInstance)
                .map(Throwable::getMessage)
                .flatMap(message -> message.lines().findFirst())
                .orElseGet(error::toString);
    }
}
