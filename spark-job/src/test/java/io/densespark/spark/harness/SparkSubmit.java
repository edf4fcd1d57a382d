package io.densespark.spark.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code spark-submit} to be: what goes on its command line. Not thread-safe.
 *
 * <p>By default the driver listens on 127.0.0.1, there is no web UI, and no task starts before all executors that
 * {@code spark.cores.max} asks for are there (a barrier stage without enough slots fails, and is tried again only 15 s
 * later).
 */
public final class SparkSubmit {

    private final SparkHome spark;
    private final Map<String, String> conf = new LinkedHashMap<>();
    private final List<Path> jars = new ArrayList<>();
    private String mainClass = "io.densespark.spark.cli.DenseSpark";
    private Path primaryResource = SparkHome.jobJar();

    private SparkSubmit(SparkHome spark, String master) {
        this.spark = spark;
        conf("spark.master", master);
        conf("spark.driver.host", "127.0.0.1");
        conf("spark.driver.bindAddress", "127.0.0.1");
        conf("spark.ui.enabled", "false");
        conf("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    }

    /** A submission of the job jar to {@code master}. */
    public static SparkSubmit to(SparkHome spark, String master) {
        return new SparkSubmit(spark, master);
    }

    /** A submission of the job jar to {@code executors} executors with one core each, which the driver starts. */
    public static SparkSubmit toLocalCluster(SparkHome spark, int executors) {
        return to(spark, "local-cluster[" + executors + ",1,1024]")
                .conf("spark.executor.memory", "1g")
                .conf("spark.cores.max", Integer.toString(executors));
    }

    /** Sets a Spark property; a later value replaces an earlier one. */
    public SparkSubmit conf(String key, String value) {
        conf.put(key, value);
        return this;
    }

    /** Submits {@code job}, a class with a main method in the tests' jar; the job jar goes along by {@code --jars}. */
    public SparkSubmit testJob(Class<?> job) {
        mainClass = job.getName();
        primaryResource = SparkHome.testJar();
        jars.add(SparkHome.jobJar());
        return this;
    }

    /**
     * Starts the job.
     *
     * @param folder gets the job's output and temporary files; created if need be
     * @param arguments the job's own
     */
    public SubmittedJob start(Path folder, String... arguments) {
        List<String> commandLine = new ArrayList<>(List.of("--class", mainClass));
        conf.forEach((key, value) -> commandLine.addAll(List.of("--conf", key + "=" + value)));
        if (!jars.isEmpty()) {
            commandLine.add("--jars");
            commandLine.add(String.join(",", jars.stream().map(Path::toString).toList()));
        }
        commandLine.add(primaryResource.toString());
        commandLine.addAll(List.of(arguments));
        SparkHome home = withOwnWorkFolder(folder);
        return new SubmittedJob(
                SparkProcess.start(home, "job", folder, "512m", "org.apache.spark.deploy.SparkSubmit", commandLine));
    }

    /** A local cluster's executors work below the Spark home: each job gets a home of its own, with the same jars. */
    private SparkHome withOwnWorkFolder(Path folder) {
        try {
            Path home = Files.createDirectories(folder.resolve("spark"));
            Files.createSymbolicLink(
                    home.resolve("jars"), spark.home().resolve("jars").toAbsolutePath());
            return new SparkHome(home.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a Spark home in " + folder, e);
        }
    }
}
