package io.densespark.benchmark.cluster;

import io.densespark.model.libtorch.LibTorch;
import io.densespark.spark.DenseSparkVersion;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What a report's reader has to know of the run beside its figures.
 *
 * @param command that started it
 * @param date of its end
 * @param versions by the names of what runs
 * @param spark the Spark settings that matter to the figures, and are given
 */
record RunFacts(String command, String date, Map<String, String> versions, Map<String, String> spark) {
    private static final List<String> SPARK_KEYS = List.of(
            "spark.master",
            "spark.submit.deployMode",
            "spark.executor.instances",
            "spark.executor.cores",
            "spark.executor.memory",
            "spark.executor.memoryOverhead",
            "spark.cores.max",
            "spark.task.cpus",
            "spark.executor.resource.gpu.amount",
            "spark.task.resource.gpu.amount");

    static RunFacts of(JavaSparkContext sc, String command) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("DenseSpark", DenseSparkVersion.CURRENT);
        versions.put("Spark", sc.version());
        versions.put("Java of the driver", Runtime.version().toString());
        versions.put("libtorch (JavaCPP)", LibTorch.version());
        Map<String, String> spark = new LinkedHashMap<>();
        SparkConf conf = sc.getConf();
        SPARK_KEYS.stream().filter(conf::contains).forEach(key -> spark.put(key, conf.get(key)));
        String date = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
                .format(ZonedDateTime.now(ZoneOffset.UTC));
        return new RunFacts(command, date, versions, spark);
    }
}
