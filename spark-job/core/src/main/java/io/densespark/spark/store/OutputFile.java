package io.densespark.spark.store;

import io.densespark.data.files.Leftovers;
import io.densespark.data.files.PlainFiles;
import io.densespark.data.files.StagedFile;
import io.densespark.data.files.StagedFile.Content;
import io.densespark.spark.JobException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A file at a place that a user has named: it appears at once, or not at all. */
public final class OutputFile {
    private final Path path;
    private final boolean overwrite;
    private final Configuration conf;

    private OutputFile(Path path, boolean overwrite, Configuration conf) {
        this.path = path;
        this.overwrite = overwrite;
        this.conf = conf;
    }

    /**
     * Looks at what is there, and removes what killed writers of this file have left; nothing is written yet.
     *
     * @throws JobException if the file exists and may not be replaced, or a folder is there
     */
    public static OutputFile begin(Path output, boolean overwrite, Configuration conf) throws IOException {
        FileSystem files = PlainFiles.of(output, conf).system();
        Path path = OutputPlace.require(output, false, overwrite, files);
        Leftovers.removeOf(path, files);
        return new OutputFile(path, overwrite, conf);
    }

    /** The file, in full. */
    public Path path() {
        return path;
    }

    /** Writes it; errors as {@link StagedFile}. */
    public void write(Content content) throws IOException {
        if (overwrite) {
            StagedFile.write(path, conf, content);
        } else {
            StagedFile.writeNew(path, conf, content);
        }
    }
}
