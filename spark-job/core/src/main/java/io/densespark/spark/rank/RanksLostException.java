package io.densespark.spark.rank;

/** Ranks were lost on the way, or didn't start: the same stage may succeed if it is run again. Its message is one line. */
public final class RanksLostException extends RuntimeException {
    RanksLostException(Throwable cause) {
        super(String.valueOf(cause.getMessage()).lines().findFirst().orElse(""), cause);
    }
}
