package io.densespark.spark.rank;

import io.densespark.data.files.Obstacle;

/** Ranks were lost on the way, or didn't start: the same stage may succeed if it is run again. Its message is one line. */
public final class RanksLostException extends RuntimeException {
    RanksLostException(Throwable cause) {
        super(Obstacle.reason(cause), cause);
    }
}
