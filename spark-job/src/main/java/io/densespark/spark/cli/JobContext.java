package io.densespark.spark.cli;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** Starts Spark with the few defaults that a barrier job wants; what the user has set stays. */
final class JobContext {
    private static final String HADOOP_PREFIX = "spark.hadoop.";

    private JobContext() {}

    static JavaSparkContext start(String name) {
        SparkConf conf = new SparkConf();
        conf.setIfMissing("spark.app.name", "DenseSpark " + name);
        // Progress travels with heartbeats.
        conf.setIfMissing("spark.executor.heartbeatInterval", "2s");
        // A barrier stage needs all its slots at once: wait for the executors, and look again soon if one is missing.
        conf.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0");
        conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "2s");
        return new JavaSparkContext(conf);
    }

    /** The Hadoop configuration that Spark would make, for commands that need no cluster. */
    static Configuration hadoop() {
        Configuration conf = new Configuration();
        for (Tuple2<String, String> setting : new SparkConf().getAllWithPrefix(HADOOP_PREFIX)) {
            conf.set(setting._1(), setting._2());
        }
        return conf;
    }

    /**
     * A place as the user wrote it, in full: executors have working directories of their own.
     *
     * @throws IOException if its file system is unknown
     */
    static String qualified(String place, Configuration conf) throws IOException {
        Path path = new Path(place);
        return path.getFileSystem(conf).makeQualified(path).toString();
    }
}
