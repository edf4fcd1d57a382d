package io.densespark.spark.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * One JVM on Spark's class path, with an environment of its own: of the user's variables only those without a Spark
 * meaning are kept. Its output goes to two files in its folder.
 */
final class SparkProcess implements AutoCloseable {

    private static final String LOGGING = """
            status = error
            appender.console.type = Console
            appender.console.name = console
            appender.console.target = SYSTEM_ERR
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1}: %m%n%ex
            rootLogger.level = info
            rootLogger.appenderRef.console.ref = console
            """;

    private final String name;
    private final Process process;
    private final Path stdout;
    private final Path stderr;

    private SparkProcess(String name, Process process, Path stdout, Path stderr) {
        this.name = name;
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /**
     * Starts {@code mainClass} of {@code spark}.
     *
     * @param folder gets the output and Spark's working files
     * @param hadoopConf a folder of Hadoop's configuration files
     * @param options of the JVM, beside those that all have
     */
    static SparkProcess start(
            ClusterHost host,
            SparkHome spark,
            String name,
            Path folder,
            String mainClass,
            List<String> arguments,
            Optional<Path> hadoopConf,
            List<String> options) {
        List<String> command = new ArrayList<>(host.prefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        command.addAll(options());
        command.addAll(options);
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split(" +")));
        try {
            Path conf = emptyConf();
            Path temporary = Files.createDirectories(folder.resolve("tmp"));
            command.add("-Djava.io.tmpdir=" + temporary);
            String classPath = conf + File.pathSeparator + spark.home().resolve("jars") + "/*";
            // Where bin/spark-submit puts it, too.
            classPath += hadoopConf.map(each -> File.pathSeparator + each).orElse("");
            command.addAll(List.of("-cp", classPath, mainClass));
            command.addAll(arguments);
            Path stdout = folder.resolve(name + ".out");
            Path stderr = folder.resolve(name + ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile());
            setEnvironment(builder.environment(), host, spark, folder, conf);
            hadoopConf.ifPresent(each -> builder.environment().put("HADOOP_CONF_DIR", each.toString()));
            return new SparkProcess(name, builder.start(), stdout, stderr);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + " in " + folder, e);
        }
    }

    /**
     * JVM options of short jobs of which many run one after another: no time for the optimizing compiler, and JavaCPP's
     * libraries are shared with all other processes of the tests.
     */
    static List<String> options() {
        return List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dlog4j2.configurationFile=" + logging(),
                "-Dorg.bytedeco.javacpp.cachedir=" + SparkHome.natives());
    }

    /** The same, of executors of that home. */
    static List<String> optionsOfExecutors(SparkHome spark) {
        List<String> options = new ArrayList<>(options());
        options.addAll(ClassArchive.options(spark));
        return options;
    }

    /** Spark's configuration folder. It leads each class path, and {@link ClassArchive} wants the same there, without files. */
    private static Path emptyConf() throws IOException {
        return Files.createDirectories(SparkHome.jobJar().resolveSibling("spark-conf"));
    }

    private static Path logging() {
        Path file = SparkHome.jobJar().resolveSibling("spark-log4j2.properties");
        try {
            if (!Files.exists(file) || !Files.readString(file).equals(LOGGING)) {
                Files.writeString(file, LOGGING);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void setEnvironment(
            Map<String, String> environment, ClusterHost host, SparkHome spark, Path folder, Path conf) {
        environment
                .keySet()
                .removeIf(key -> key.startsWith("SPARK_") || key.startsWith("HADOOP_") || key.startsWith("YARN_"));
        environment.keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("SPARK_HOME", spark.home().toString());
        environment.put("SPARK_SCALA_VERSION", spark.scalaVersion());
        environment.put("SPARK_CONF_DIR", conf.toString());
        environment.put("SPARK_LOCAL_IP", host.address());
        environment.put("SPARK_LOCAL_HOSTNAME", host.address());
        environment.put("SPARK_LOCAL_DIRS", folder.resolve("tmp").toString());
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String stdout() {
        return read(stdout);
    }

    String stderr() {
        return read(stderr);
    }

    /**
     * Waits for the end of the process.
     *
     * @return its exit status
     * @throws AssertionError if it has not ended after {@code limit}: then it is killed
     */
    int await(Duration limit) {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
        throw new AssertionError(
                name + " has not ended within " + limit.toSeconds() + " s; standard error:\n" + stderr());
    }

    /** Kills the process and all that it started, and waits until they are gone. */
    @Override
    public void close() {
        // Listed first: a child whose parent is dead belongs to init and can no longer be found.
        List<ProcessHandle> children;
        try (Stream<ProcessHandle> descendants = process.descendants()) {
            children = descendants.toList();
        }
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
        children.forEach(child -> child.onExit().join());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
