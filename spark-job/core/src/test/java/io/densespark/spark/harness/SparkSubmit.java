package io.densespark.spark.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code spark-submit} to be: what goes on its command line. Not thread-safe.
 *
 * <p>By default the driver listens on 127.0.0.1, there is no web UI, and no task starts before all executors that
 * {@code spark.cores.max} asks for are there (a barrier stage without enough slots fails, and is tried again only 15 s
 * later). Executors that the driver starts read the jars where the driver does. All unpack their native libraries into a
 * folder of the build that all jobs share; with other {@code spark.executor.extraJavaOptions} each unpacks them for itself,
 * as it does for users.
 */
public final class SparkSubmit {

    private final SparkHome spark;
    private final Map<String, String> conf = new LinkedHashMap<>();
    private final List<Path> jars = new ArrayList<>();
    private String mainClass = "io.densespark.spark.cli.DenseSpark";
    private Path primaryResource = SparkHome.jobJar();
    private ClusterHost host = ClusterHost.LOCAL;
    private Path hadoopConf;
    private Path properties;
    private final List<Path> files = new ArrayList<>();

    private SparkSubmit(SparkHome spark, String master) {
        this.spark = spark;
        conf("spark.master", master);
        conf("spark.driver.host", "127.0.0.1");
        conf("spark.driver.bindAddress", "127.0.0.1");
        conf("spark.ui.enabled", "false");
        conf("spark.scheduler.minRegisteredResourcesRatio", "1.0");
        conf("spark.executor.extraJavaOptions", String.join(" ", SparkProcess.optionsOfExecutors(spark)));
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

    /**
     * A submission of the job jar to YARN by {@code conf/spark-yarn.conf}: to two executors of one core.
     *
     * @param deployMode {@code client} or {@code cluster}: where the driver runs
     */
    public static SparkSubmit toYarn(SparkHome spark, YarnCluster yarn, String deployMode) {
        SparkSubmit submit = to(spark, "yarn")
                .conf("spark.submit.deployMode", deployMode)
                .properties("spark-yarn.conf")
                .conf("spark.yarn.jars", "local:" + spark.home().resolve("jars") + "/*")
                .conf("spark.yarn.submit.file.replication", "1")
                .conf("spark.driver.memory", "512m");
        for (String process : List.of("spark.executorEnv.", "spark.yarn.appMasterEnv.")) {
            submit.conf(process + "JAVA_HOME", System.getProperty("java.home"));
            submit.conf(process + "SPARK_LOCAL_IP", "127.0.0.1");
        }
        submit.hadoopConf = yarn.conf();
        if (deployMode.equals("cluster")) {
            // The driver is a container's: where it listens is not this machine's business.
            submit.conf.remove("spark.driver.host");
            submit.conf.remove("spark.driver.bindAddress");
        }
        return submit;
    }

    /** Sets a Spark property; a later value replaces an earlier one. */
    public SparkSubmit conf(String key, String value) {
        conf.put(key, value);
        return this;
    }

    /** Runs the driver there. */
    public SparkSubmit on(ClusterHost driverHost) {
        host = driverHost;
        return conf("spark.driver.host", driverHost.address()).conf("spark.driver.bindAddress", driverHost.address());
    }

    /** Takes properties from a file of {@code conf}; those that are set here override them. */
    public SparkSubmit properties(String name) {
        properties = SparkHome.conf().resolve(name);
        return this;
    }

    /** Sends a file along. */
    public SparkSubmit file(Path file) {
        files.add(file);
        return this;
    }

    /** Puts the tests' jar on the class path of driver and executors. */
    public SparkSubmit withTestJar() {
        jars.add(SparkHome.testJar());
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
        if (properties != null) {
            commandLine.addAll(List.of("--properties-file", properties.toString()));
        }
        addList(commandLine, "--jars", jars.stream().map(this::where).toList());
        addList(commandLine, "--files", files.stream().map(Path::toString).toList());
        commandLine.add(where(primaryResource));
        commandLine.addAll(List.of(arguments));
        SparkHome home = withOwnWorkFolder(folder);
        return new SubmittedJob(SparkProcess.start(
                host,
                home,
                "job",
                folder,
                "org.apache.spark.deploy.SparkSubmit",
                commandLine,
                Optional.ofNullable(hadoopConf),
                ClassArchive.options(spark)));
    }

    /** A jar as the command line names it. To a cluster of its own Spark sends it, as for users. */
    private String where(Path jar) {
        return conf.getOrDefault("spark.master", "").startsWith("local") ? "local:" + jar : jar.toString();
    }

    private static void addList(List<String> commandLine, String option, List<String> paths) {
        if (!paths.isEmpty()) {
            commandLine.addAll(List.of(option, String.join(",", paths)));
        }
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
