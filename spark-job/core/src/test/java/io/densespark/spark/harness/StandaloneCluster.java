package io.densespark.spark.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A standalone Spark cluster: one master and some workers, each a process of its own that listens at a port of the operating
 * system's choice, on 127.0.0.1 if no host is named. Closing it ends them and their executors.
 */
public final class StandaloneCluster implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Pattern MASTER_URL = Pattern.compile("Starting Spark master at (spark://[0-9.]+:\\d+)");

    private final SparkHome spark;
    private final Path folder;
    private final SparkProcess master;
    private final List<SparkProcess> workers = new ArrayList<>();
    private final Set<SparkProcess> killed = new HashSet<>();
    private String url = "";

    private StandaloneCluster(SparkHome spark, Path folder, ClusterHost host, Map<String, String> properties) {
        this.spark = spark;
        this.folder = folder;
        Path own = folder(folder, "master");
        this.master = start(
                host,
                "master",
                own,
                "org.apache.spark.deploy.master.Master",
                List.of("--properties-file", write(properties, own).toString()));
    }

    private SparkProcess start(ClusterHost host, String name, Path own, String mainClass, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of("--host", host.address(), "--port", "0", "--webui-port", "0"));
        arguments.addAll(more);
        return SparkProcess.start(
                host, spark, name, own, mainClass, arguments, Optional.empty(), ClassArchive.options(spark));
    }

    private static Path write(Map<String, String> properties, Path own) {
        Path file = own.resolve("spark.properties");
        Properties values = new Properties();
        values.putAll(properties);
        try (var out = Files.newBufferedWriter(file)) {
            values.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /**
     * What each worker offers.
     *
     * @param properties the worker's own, for example {@code spark.worker.resource.gpu.amount}
     */
    public record Worker(int cores, String memory, Map<String, String> properties) {
        public Worker {
            properties = Map.copyOf(properties);
        }

        public static Worker of(int cores, String memory) {
            return new Worker(cores, memory, Map.of());
        }
    }

    /**
     * Starts a cluster and waits until the master knows all its workers.
     *
     * @param folder gets the processes' output and the executors' working folders
     * @throws AssertionError if a process ends or a worker is missing after 90 s
     */
    public static StandaloneCluster start(SparkHome spark, Path folder, int workers, Worker offer) {
        return start(spark, folder, ClusterHost.LOCAL, Map.of(), workers, offer);
    }

    /**
     * The same, all on {@code host}.
     *
     * @param properties the master's own, for example {@code spark.worker.timeout}
     */
    public static StandaloneCluster start(
            SparkHome spark, Path folder, ClusterHost host, Map<String, String> properties, int workers, Worker offer) {
        StandaloneCluster cluster = new StandaloneCluster(spark, folder, host, properties);
        try {
            cluster.await(
                    "the master",
                    () -> MASTER_URL.matcher(cluster.master.stderr()).find());
            Matcher matcher = MASTER_URL.matcher(cluster.master.stderr());
            cluster.url = matcher.find() ? matcher.group(1) : "";
            for (int i = 0; i < workers; i++) {
                cluster.startWorker(host, offer);
            }
            cluster.await("the workers", () -> cluster.registered() == workers);
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** The master's URL, {@code spark://host:port}. */
    public String url() {
        return url;
    }

    /** The folder below which worker {@code index} keeps its executors' output: {@code app-…/<executor>/stderr}. */
    public Path executorFolders(int index) {
        return folder.resolve("worker-" + index).resolve("work");
    }

    /** Adds a worker and waits until the master knows it. */
    public void addWorker(Worker offer) {
        addWorker(ClusterHost.LOCAL, offer);
    }

    /** The same, on {@code host}. */
    public void addWorker(ClusterHost host, Worker offer) {
        long before = registered();
        startWorker(host, offer);
        await("another worker", () -> registered() > before);
    }

    /** Kills a worker with its executors (kill -9), as a lost machine would be gone. */
    public void killWorker(int index) {
        SparkProcess worker = workers.get(index);
        killed.add(worker);
        worker.close();
    }

    private void startWorker(ClusterHost host, Worker offer) {
        String name = "worker-" + workers.size();
        Path own = folder(folder, name);
        workers.add(start(
                host,
                name,
                own,
                "org.apache.spark.deploy.worker.Worker",
                List.of(
                        "--cores",
                        Integer.toString(offer.cores()),
                        "--memory",
                        offer.memory(),
                        "--work-dir",
                        own.resolve("work").toString(),
                        "--properties-file",
                        write(offer.properties(), own).toString(),
                        url)));
    }

    private long registered() {
        return master.stderr()
                .lines()
                .filter(line -> line.contains("Registering worker"))
                .count();
    }

    private void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (!master.isAlive()
                    || !workers.stream().allMatch(worker -> worker.isAlive() || killed.contains(worker))) {
                throw new AssertionError("a process of the cluster has ended:\n" + output());
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + START_LIMIT.toSeconds() + " s for " + what + ":\n" + output());
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }

    private String output() {
        StringBuilder output = new StringBuilder(master.stderr());
        workers.forEach(worker -> output.append(worker.stderr()));
        return output.toString();
    }

    private static Path folder(Path parent, String name) {
        try {
            return Files.createDirectories(parent.resolve(name)).toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        workers.forEach(SparkProcess::close);
        master.close();
    }
}
