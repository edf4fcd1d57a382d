package io.densespark.data.files;

import java.util.Objects;
import java.util.stream.Stream;

/** What lies behind an error. */
public final class Causes {
    /** There are errors that are their own causes. */
    private static final int DEEPEST = 20;

    private Causes() {}

    /** The error, what caused it, and so on. */
    public static Stream<Throwable> of(Throwable error) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause).limit(DEEPEST);
    }
}
