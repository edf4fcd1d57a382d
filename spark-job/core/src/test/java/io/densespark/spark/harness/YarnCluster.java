package io.densespark.spark.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.apache.hadoop.yarn.server.resourcemanager.rmapp.RMApp;
import org.apache.hadoop.yarn.server.resourcemanager.rmapp.RMAppState;

/**
 * A real YARN, one resource manager and one node manager that believes in 8 GiB, and a real HDFS that is its default file system, as
 * threads of this JVM. The containers are processes of their own.
 */
public final class YarnCluster implements AutoCloseable {
    private static final Set<RMAppState> ENDED = EnumSet.of(RMAppState.FINISHED, RMAppState.FAILED, RMAppState.KILLED);

    private final MiniDFSCluster hdfs;
    private final MiniYARNCluster yarn;
    private final Path conf;

    private YarnCluster(MiniDFSCluster hdfs, MiniYARNCluster yarn, Path conf) {
        this.hdfs = hdfs;
        this.yarn = yarn;
        this.conf = conf;
    }

    /** Starts both; {@code folder} gets their files. */
    public static YarnCluster start(Path folder) {
        Configuration conf = new YarnConfiguration();
        conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        // Of a nearly full disk both would say that it is broken.
        conf.set("dfs.namenode.resource.du.reserved", "0");
        conf.set("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "100");
        conf.set("yarn.resourcemanager.hostname", "127.0.0.1");
        conf.set("yarn.nodemanager.vmem-check-enabled", "false");
        conf.set("yarn.minicluster.yarn.nodemanager.resource.memory-mb", "8192");
        conf.set("yarn.scheduler.minimum-allocation-mb", "128");
        // The jar of the mini cluster lacks capacity-scheduler.xml.
        conf.set("yarn.scheduler.capacity.root.queues", "default");
        conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
        conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.5");
        try {
            MiniDFSCluster hdfs =
                    new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
            MiniYARNCluster yarn = new MiniYARNCluster("densespark", 1, 1, 1);
            try {
                yarn.init(conf);
                yarn.start();
                if (!yarn.waitForNodeManagersToConnect(30_000)) {
                    throw new AssertionError("the node manager has not registered within 30 s");
                }
                return new YarnCluster(hdfs, yarn, write(yarn.getConfig(), folder.resolve("hadoop-conf")));
            } catch (RuntimeException | Error e) {
                yarn.stop();
                hdfs.shutdown();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("YARN doesn't start", e);
        }
    }

    private static Path write(Configuration cluster, Path folder) throws IOException {
        Configuration conf = new Configuration(cluster);
        // A class of the mini cluster's own.
        conf.unset("net.topology.node.switch.mapping.impl");
        Files.createDirectories(folder);
        for (String name : new String[] {"core-site.xml", "yarn-site.xml"}) {
            try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
                conf.writeXml(out);
            }
        }
        return folder;
    }

    /** What {@code HADOOP_CONF_DIR} names: the clients' configuration. */
    public Path conf() {
        return conf;
    }

    public FileSystem files() {
        try {
            return hdfs.getFileSystem();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What YARN says of the application that was submitted last once it has ended, as {@code <final status>: <diagnostics>}. In client
     * mode the driver's process may be gone before the application master has told the resource manager how it went.
     */
    public String lastApplication() {
        RMApp last = yarn.getResourceManager().getRMContext().getRMApps().values().stream()
                .max(Comparator.comparingInt(app -> app.getApplicationId().getId()))
                .orElseThrow();
        awaitTheEndOf(last);
        return last.getFinalApplicationStatus() + ": " + last.getDiagnostics();
    }

    private static void awaitTheEndOf(RMApp application) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!ENDED.contains(application.getState())) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(application.getApplicationId() + " is still " + application.getState());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    @Override
    public void close() {
        yarn.stop();
        hdfs.shutdown();
    }
}
