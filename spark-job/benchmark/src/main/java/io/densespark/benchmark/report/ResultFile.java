package io.densespark.benchmark.report;

import io.densespark.spark.JobException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file of results, whose place is looked at before the work and which is written once that is done: at a URI of any
 * Hadoop file system, or, where no scheme is given, on the driver's machine.
 */
public final class ResultFile {
    private final String setting;
    private final FileSystem files;
    private final Path path;

    private ResultFile(String setting, FileSystem files, Path path) {
        this.setting = setting;
        this.files = files;
        this.path = path;
    }

    /**
     * The file; nothing but its folder is made yet.
     *
     * @param setting whose value the place is, for messages
     * @throws JobException if there is a folder of that name, or the file's folder can't be written
     */
    public static ResultFile at(String place, String setting, Configuration conf) {
        try {
            Path path = new Path(place);
            if (path.toUri().getScheme() == null) {
                path = new Path(java.nio.file.Path.of(place).toAbsolutePath().toUri());
            }
            FileSystem files = path.getFileSystem(conf);
            // Hadoop's own checksum files beside a user's files would only puzzle.
            ResultFile file =
                    new ResultFile(setting, files instanceof LocalFileSystem local ? local.getRaw() : files, path);
            file.requireWritable();
            return file;
        } catch (IOException | IllegalArgumentException e) {
            throw unwritable(setting, place, e);
        }
    }

    private void requireWritable() throws IOException {
        if (files.exists(path) && files.getFileStatus(path).isDirectory()) {
            throw new IOException("it is a folder");
        }
        files.mkdirs(path.getParent());
        Path probe = beside();
        files.create(probe, false).close();
        files.delete(probe, false);
    }

    private Path beside() {
        return new Path(path.getParent(), "." + path.getName() + "." + UUID.randomUUID());
    }

    /** The file in full. */
    @Override
    public String toString() {
        return path.toString();
    }

    /** As {@link #write(byte[])}, in UTF-8. */
    public void write(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes the whole file, in place of one that may be there.
     *
     * @throws JobException if it can't be written; what was there before is there still, or the message tells where the new
     *     one is
     */
    public void write(byte[] bytes) {
        Path staged = beside();
        try {
            stage(bytes, staged);
            place(staged);
        } catch (IOException e) {
            throw unwritable(setting, path.toString(), e);
        }
    }

    private void stage(byte[] bytes, Path staged) throws IOException {
        try (OutputStream out = files.create(staged, false)) {
            out.write(bytes);
        } catch (IOException e) {
            deleteQuietly(staged, e);
            throw e;
        }
    }

    private void place(Path staged) throws IOException {
        // Some file systems replace a file by a rename, others refuse to.
        if (files.rename(staged, path)) {
            return;
        }
        files.delete(path, false);
        if (!files.rename(staged, path)) {
            throw new IOException("what was written is " + staged + " and can't be renamed");
        }
    }

    private void deleteQuietly(Path staged, IOException cause) {
        try {
            files.delete(staged, false);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private static JobException unwritable(String setting, String place, Exception e) {
        return new JobException(
                "setting " + setting + " " + place + " can't be written ("
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + "): name a place that can",
                e);
    }
}
