package io.densespark.spark.store;

import io.densespark.data.files.PlainFiles;
import io.densespark.data.files.StagedFile;
import io.densespark.data.files.StagedFile.Content;
import io.densespark.spark.JobException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's claim on its save folder, so that no other writes there: the file {@value #FILE}, written anew every few seconds while
 * the run lives. Clocks don't matter: whoever finds one waits to see whether it changes. One whose process is known to be dead
 * counts for nothing.
 */
public final class SaveLease implements AutoCloseable {
    static final String FILE = ".lease";

    private static final Duration BEAT = Duration.ofSeconds(4);
    private static final Duration STALE = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 500;
    private static final java.nio.file.Path BOOT = java.nio.file.Path.of("/proc/sys/kernel/random/boot_id");
    private static final java.nio.file.Path PROCESSES = java.nio.file.Path.of("/proc/self/ns/pid");
    private static final Logger LOG = LoggerFactory.getLogger(SaveLease.class);

    private final Path file;
    private final Configuration conf;
    private final boolean isFoldersMaker;
    private final String id = UUID.randomUUID().toString();
    private final Thread thread;
    private volatile Optional<Holder> taker = Optional.empty();
    private volatile boolean isClosed;

    /**
     * What the file says: whose it is, and how often it was written.
     *
     * @param machine where the process's number means something
     */
    private record Holder(String id, String host, String machine, long pid, long beat) {
        static Optional<Holder> parse(String text) {
            String[] words = text.strip().split(" ", -1);
            try {
                return words.length == 5
                        ? Optional.of(new Holder(
                                words[0], words[1], words[2], Long.parseLong(words[3]), Long.parseLong(words[4])))
                        : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        String text() {
            return id + " " + host + " " + machine + " " + pid + " " + beat + "\n";
        }

        boolean isKnownToBeDead() {
            return thisMachine().filter(machine::equals).isPresent()
                    && ProcessHandle.of(pid).isEmpty();
        }
    }

    private SaveLease(Path save, boolean isFoldersMaker, Configuration conf) {
        this.isFoldersMaker = isFoldersMaker;
        file = new Path(save, FILE);
        this.conf = conf;
        thread = new Thread(this::keep, "densespark-lease");
        thread.setDaemon(true);
    }

    private static String thisHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    /** This boot of the kernel, and this container's processes; empty where the kernel doesn't tell. */
    private static Optional<String> thisMachine() {
        try {
            return Optional.of(Files.readString(BOOT).strip()
                    + Files.readSymbolicLink(PROCESSES).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Finds out whether another run holds the folder. That takes some seconds if one does, or was killed elsewhere.
     *
     * @throws JobException naming its host and process if one does
     */
    public static void requireFree(Path save, Configuration conf) throws IOException {
        Path file = new Path(save, FILE);
        Optional<Holder> found = read(file, conf);
        long start = System.nanoTime();
        while (found.isPresent() && !found.get().isKnownToBeDead() && System.nanoTime() - start < STALE.toNanos()) {
            sleep();
            Optional<Holder> now = read(file, conf);
            if (now.isPresent() && !now.equals(found)) {
                throw new JobException("setting save " + save + " is in use by another run, process "
                        + now.get().pid() + " on host " + now.get().host()
                        + ": wait for its end, or give another --save");
            }
            found = now;
        }
    }

    /**
     * Takes the folder; the caller closes the lease at the end of the run.
     *
     * @throws JobException as {@link #requireFree}
     */
    public static SaveLease take(Path save, Configuration conf) throws IOException {
        requireFree(save, conf);
        boolean isFoldersMaker = !PlainFiles.of(save, conf).system().exists(save);
        SaveLease lease = new SaveLease(save, isFoldersMaker, conf);
        lease.write(0);
        lease.thread.start();
        return lease;
    }

    /**
     * Finds out whether the folder is still this run's.
     *
     * @throws JobException if another run has taken it, because this one was silent for too long
     */
    public void requireHeld() {
        taker.ifPresent(other -> {
            throw new JobException("while this run stood still another one, process " + other.pid() + " on host "
                    + other.host() + ", has taken over " + file.getParent() + ": leave it to that one");
        });
    }

    private void keep() {
        boolean hasFailed = false;
        Optional<Holder> other = Optional.empty();
        long since = 0;
        try {
            for (long beat = 1; taker.isEmpty(); beat++) {
                Thread.sleep(BEAT.toMillis());
                if (isClosed) {
                    return;
                }
                try {
                    Optional<Holder> seen =
                            read(file, conf).filter(holder -> !holder.id().equals(id));
                    if (seen.isPresent() && other.isPresent() && !seen.equals(other)) {
                        taker = seen;
                    } else if (seen.isPresent() && other.isEmpty()) {
                        // Another run's, or a stale read of one that ended: only who lives writes anew.
                        other = seen;
                        since = System.nanoTime();
                    } else if (seen.isEmpty() || System.nanoTime() - since > STALE.toNanos()) {
                        other = Optional.empty();
                        write(beat);
                    }
                    hasFailed = false;
                } catch (IOException e) {
                    if (!hasFailed && !isClosed) {
                        LOG.warn("can't write {}; it is tried again: {}", file, e.getMessage());
                    }
                    hasFailed = true;
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void write(long beat) throws IOException {
        Holder own = new Holder(
                id,
                thisHost(),
                thisMachine().orElse("unknown"),
                ProcessHandle.current().pid(),
                beat);
        StagedFile.write(file, conf, Content.of(own.text().getBytes(StandardCharsets.UTF_8)));
    }

    private static Optional<Holder> read(Path file, Configuration conf) throws IOException {
        try (FSDataInputStream in = PlainFiles.of(file, conf).system().open(file)) {
            return Holder.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("interrupted while it was looked whether another run is at work", e);
        }
    }

    /** Lets go of the folder, and of one that it made if nothing came of the run. */
    @Override
    public void close() throws IOException {
        isClosed = true;
        thread.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(BEAT.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (read(file, conf).filter(holder -> holder.id().equals(id)).isPresent()) {
            FileSystem files = PlainFiles.of(file, conf).system();
            files.delete(file, false);
            if (isFoldersMaker && files.listStatus(file.getParent()).length == 0) {
                files.delete(file.getParent(), false);
            }
        }
    }
}
