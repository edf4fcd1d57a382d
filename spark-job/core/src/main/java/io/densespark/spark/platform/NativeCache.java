package io.densespark.spark.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.ShutdownHookManager;

/**
 * Where the libraries of libtorch and OpenCV are unpacked. JavaCPP's own choice is the home folder, which on a cluster may
 * be read-only or shared by executors that start together. Ours is a folder of this executor alone, among Spark's block
 * files, which Spark removes with the executor (with an external shuffle service: with the application); where tasks run in the
 * driver's process, beside them, until that ends.
 */
public final class NativeCache {

    /** JavaCPP reads it once, when its loader is initialized. */
    private static final String PROPERTY = "org.bytedeco.javacpp.cachedir";

    /** What the libraries take when they are unpacked: 494 MB, of which OpenCV's take 23, and CUDA's bindings 5. */
    private static final long BYTES = 500_000_000;

    /** What Spark calls the driver's process among the executors. */
    private static final String DRIVER = "driver";

    private NativeCache() {}

    /**
     * Tells JavaCPP where to unpack in this executor. Call it in every task before libtorch or OpenCV is touched; after
     * the first call, or if the user has set the property {@code org.bytedeco.javacpp.cachedir}, nothing changes any more.
     *
     * @return the folder
     * @throws PlatformException if the folder cannot be written, libraries can't be loaded from its disk, or that has
     *     less than 500 MB to spare
     * @throws IllegalStateException if this JVM runs no Spark
     */
    public static Path prepare() {
        return prepare(NativeCache::sparkLocalFolder, BYTES, NativeCache::usableSpace);
    }

    /**
     * {@link #prepare()} for a JVM without Spark.
     *
     * @param parent where the folder is made
     */
    public static Path prepare(Path parent) {
        return prepare(() -> parent, BYTES, NativeCache::usableSpace);
    }

    private static long usableSpace(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    static synchronized Path prepare(Supplier<Path> localFolder, long needed, UsableSpace usableSpace) {
        String known = System.getProperty(PROPERTY);
        if (known != null) {
            return Path.of(known);
        }
        Path folder = localFolder.get().resolve("densespark-native");
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "probe", null));
            if (Mounts.current().forbidExecution(folder)) {
                throw new PlatformException(
                        "libtorch can't be loaded from " + folder + ", whose disk is mounted noexec" + remedy());
            }
            long usable = usableSpace.bytes(folder);
            if (usable < needed) {
                throw new PlatformException("libtorch unpacks " + megabytes(needed) + " into " + folder
                        + ", whose disk has " + megabytes(usable) + " left" + remedy());
            }
        } catch (IOException e) {
            throw new PlatformException(
                    "cannot write to " + folder + ", where libtorch is to be unpacked" + remedy(), e);
        }
        System.setProperty(PROPERTY, folder.toString());
        return folder;
    }

    /** The bytes that can still be written to a folder's disk. */
    @FunctionalInterface
    interface UsableSpace {
        long bytes(Path folder) throws IOException;
    }

    private static Path sparkLocalFolder() {
        SparkEnv env = SparkEnv.get();
        if (env == null) {
            throw new IllegalStateException("no Spark runs in this JVM");
        }
        Path blocks =
                env.blockManager().diskBlockManager().localDirs()[0].toPath().toAbsolutePath();
        if (!DRIVER.equals(env.executorId())) {
            return blocks;
        }
        // Tasks run in the driver's process, in which another Spark may start when this one has stopped and its block
        // files
        // are gone; libraries are loaded once.
        try {
            Path folder = Files.createTempDirectory(blocks.getParent(), "densespark-");
            ShutdownHookManager.registerShutdownDeleteDir(folder.toFile());
            return folder;
        } catch (IOException e) {
            throw new PlatformException(
                    "cannot write to " + blocks.getParent() + ", where libtorch is to be unpacked" + remedy(), e);
        }
    }

    private static String megabytes(long bytes) {
        return bytes / 1_000_000 + " MB";
    }

    private static String remedy() {
        return "; give Spark other local directories (spark.local.dir, or the cluster manager's), or name a folder by"
                + " spark.executor.extraJavaOptions=-D" + PROPERTY + "=...";
    }
}
