package io.densespark.spark.store;

import io.densespark.data.files.Causes;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;

/** Why Spark gave a job up that lost one executor after the other. */
final class SparkFailure {
    private static final Pattern STAGE_FAILURE =
            Pattern.compile("failed (\\d+) times, most recent failure: .*?(ExecutorLostFailure.*)");

    private SparkFailure() {}

    /** In one line, if it is that. */
    static Optional<String> reason(Throwable error) {
        return Causes.of(error)
                .filter(SparkException.class::isInstance)
                .map(cause ->
                        String.valueOf(cause.getMessage()).lines().findFirst().orElse(""))
                .map(STAGE_FAILURE::matcher)
                .filter(Matcher::find)
                .map(found ->
                        "a task lost its executor " + found.group(1) + " times, the last time with " + found.group(2)
                                + ": see the executors' logs for why (exit status 50 is that of a GPU that broke off)")
                .findFirst();
    }
}
