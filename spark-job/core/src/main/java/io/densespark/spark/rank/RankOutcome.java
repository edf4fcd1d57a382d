package io.densespark.spark.rank;

import java.io.Serializable;

/** How a rank ended. What can be tried again is thrown instead. */
sealed interface RankOutcome<R> extends Serializable {
    /** The rank has done its work. */
    record Done<R>(R result) implements RankOutcome<R> {}

    /**
     * The stage can't succeed, however often it is tried.
     *
     * @param rank that found out
     * @param message for the user
     */
    record Failed<R>(int rank, String message) implements RankOutcome<R> {}
}
