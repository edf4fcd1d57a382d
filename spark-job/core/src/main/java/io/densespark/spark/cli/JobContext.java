package io.densespark.spark.cli;

import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import io.densespark.spark.resources.ClusterCheck;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.ShutdownHookManager;
import scala.Tuple2;

/** Runs jobs on Spark with the few defaults that they want; what the user has set stays. */
public final class JobContext {
    private static final String HADOOP_PREFIX = "spark.hadoop.";

    private JobContext() {}

    /** What a job does while Spark is there. */
    @FunctionalInterface
    public interface Job {
        void run(JavaSparkContext sc) throws IOException;
    }

    /**
     * Runs a job whose tasks are independent of each other.
     *
     * @throws JobException if Spark would never start its tasks
     */
    public static void run(String name, Job job) throws IOException {
        run(name, job, conf -> {
            ClusterCheck.requireNoGpusOnLocalMaster(conf);
            // Training has a line of its own.
            conf.setIfMissing("spark.ui.showConsoleProgress", Boolean.toString(Terminal.isStandardError()));
        });
    }

    /**
     * Runs a job with barrier stages.
     *
     * @param replicas as asked for, if they are
     * @throws JobException if Spark has no barrier stages, or not so many slots, with the user's settings
     */
    public static void runBarrier(String name, OptionalInt replicas, Job job) throws IOException {
        run(name, job, conf -> {
            ClusterCheck.requireBarrier(conf, replicas);
            // The job itself waits for the executors, and knows how many it needs.
            conf.setIfMissing("spark.scheduler.maxRegisteredResourcesWaitingTime", "0s");
            // It has looked for slots before; if one is lost in between, Spark is to look again soon.
            conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "2s");
            // Progress travels with heartbeats.
            conf.setIfMissing("spark.executor.heartbeatInterval", "2s");
        });
    }

    private static void run(String name, Job job, Consumer<SparkConf> prepare) throws IOException {
        JavaSparkContext sc = SparkStart.start(conf -> {
            prepare.accept(conf);
            conf.setIfMissing("spark.app.name", "DenseSpark " + name);
            conf.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0");
        });
        int exitStatus = 1;
        try {
            job.run(sc);
            exitStatus = 0;
        } catch (IOException | RuntimeException e) {
            // What a job meets on a context that its master has ended says nothing of that. A signal ends contexts too.
            if (sc.sc().isStopped() && !ShutdownHookManager.inShutdown()) {
                throw UserMessage.sparkHasStopped(sc.master(), e);
            }
            throw e;
        } finally {
            // YARN would call a failed job of a driver outside it SUCCEEDED if it weren't told.
            sc.sc().stop(exitStatus);
        }
    }

    /** The Hadoop configuration that Spark would make, for commands that need no cluster. */
    public static Configuration hadoop() {
        Configuration conf = new Configuration();
        for (Tuple2<String, String> setting : new SparkConf().getAllWithPrefix(HADOOP_PREFIX)) {
            conf.set(setting._1(), setting._2());
        }
        return conf;
    }
}
