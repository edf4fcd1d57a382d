package io.densespark.benchmark.report;

import io.densespark.data.files.Obstacle;
import io.densespark.data.files.PlainFiles;
import io.densespark.data.files.StagedFile;
import io.densespark.data.files.StagedFile.Content;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file of results, whose place is looked at before the work and which is written once that is done: at a URI of any
 * Hadoop file system, or, where no scheme is given, on the driver's machine.
 */
public final class ResultFile {
    private final String setting;
    private final Path path;
    private final Configuration conf;

    private ResultFile(String setting, Path path, Configuration conf) {
        this.setting = setting;
        this.path = path;
        this.conf = conf;
    }

    /**
     * The file; nothing is made yet.
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
            requireWritable(path, conf);
            return new ResultFile(setting, path, conf);
        } catch (IOException | IllegalArgumentException e) {
            throw unwritable(setting, place, e);
        }
    }

    private static void requireWritable(Path path, Configuration conf) throws IOException {
        FileSystem files = PlainFiles.of(path, conf).system();
        if (files.exists(path) && files.getFileStatus(path).isDirectory()) {
            throw new IOException("it is a folder");
        }
        StagedFile.requireWritable(path.getParent(), conf);
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
        try {
            StagedFile.write(path, conf, Content.of(bytes));
        } catch (IOException e) {
            throw unwritable(setting, path.toString(), e);
        }
    }

    private static JobException unwritable(String setting, String place, Exception e) {
        return new JobException(
                "setting " + setting + " " + place + " can't be written (" + Obstacle.reason(e)
                        + "): name a place that can",
                e);
    }
}
