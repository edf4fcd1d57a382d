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
 * A text that is written once the work is done: to a URI of any Hadoop file system, or, where no scheme is given, to a file
 * of the driver's machine.
 */
final class OutputFile {
    private final String setting;
    private final FileSystem files;
    private final Path path;

    private OutputFile(String setting, FileSystem files, Path path) {
        this.setting = setting;
        this.files = files;
        this.path = path;
    }

    /**
     * The file; nothing is written yet.
     *
     * @param setting whose value the place is, for messages
     * @throws JobException if there is a folder of that name, or the file's folder can't be written
     */
    static OutputFile at(String place, String setting, Configuration conf) {
        try {
            Path path = new Path(place);
            if (path.toUri().getScheme() == null) {
                path = new Path(java.nio.file.Path.of(place).toAbsolutePath().toUri());
            }
            FileSystem files = path.getFileSystem(conf);
            // Hadoop's own checksum files beside a user's files would only puzzle.
            OutputFile file =
                    new OutputFile(setting, files instanceof LocalFileSystem local ? local.getRaw() : files, path);
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

    /**
     * Writes the whole file, in place of one that may be there.
     *
     * @throws JobException if it can't be written; what was there before is left then
     */
    void write(String text) {
        Path staged = beside();
        try {
            try (OutputStream out = files.create(staged, false)) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
            files.delete(path, false);
            if (!files.rename(staged, path)) {
                throw new IOException("what was written couldn't be renamed");
            }
        } catch (IOException e) {
            throw unwritable(setting, path.toString(), e);
        } finally {
            deleteQuietly(staged);
        }
    }

    private void deleteQuietly(Path staged) {
        try {
            files.delete(staged, false);
        } catch (IOException e) {
            // The failure to write it is what the user has to know.
        }
    }

    private static JobException unwritable(String setting, String place, Exception e) {
        return new JobException(
                "setting " + setting + " " + place + " can't be written ("
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + "): name a place that can",
                e);
    }
}
