package io.densespark.spark.cli;

import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Starts Spark, or says in one line what the user has to mend first. */
final class SparkStart {
    private SparkStart() {}

    /**
     * Starts Spark with the settings that {@code spark-submit} gave this JVM.
     *
     * @param prepare checks the settings and adds to them
     * @throws JobException if Spark doesn't start with them
     */
    static JavaSparkContext start(Consumer<SparkConf> prepare) {
        SparkConf conf = new SparkConf();
        try {
            SparkSettings.require(conf, System.getenv());
            prepare.accept(conf);
            return new JavaSparkContext(conf);
        } catch (JobException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            // Scala does not declare what it throws: checked exceptions are among it.
            throw UserMessage.sparkDoesNotStart(conf.get("spark.master", "?"), e)
                    .orElseThrow(() -> SparkStart.<RuntimeException>unchecked(e));
        }
    }

    /** Throws what nobody foresaw as it is. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E unchecked(Throwable e) throws E {
        throw (E) e;
    }
}
