package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.files.Causes;
import io.densespark.data.files.Obstacle;
import java.io.IOException;
import java.util.function.Supplier;

/** What made a Spark job fail, out of what Spark has wrapped it in. */
final class SparkFailure {
    private SparkFailure() {}

    /** Calls something that runs Spark jobs. */
    static <T> T unwrapped(Supplier<T> call) {
        try {
            return call.get();
        } catch (Exception e) {
            // Scala does not declare what it throws: checked exceptions are among it.
            throw of(e);
        }
    }

    /** The first cause that is meant for users, or that tells of a file system; otherwise the error itself. */
    static RuntimeException of(Exception error) {
        for (Throwable cause : (Iterable<Throwable>) Causes.of(error)::iterator) {
            if (cause instanceof DataException data) {
                return data;
            }
            if (cause instanceof IOException storage && Obstacle.of(storage) != Obstacle.OTHER) {
                return new DataException(
                        "a file can't be read or written (" + Obstacle.reason(storage)
                                + "): check it, its file system and the room there",
                        storage);
            }
        }
        return error instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(error);
    }
}
