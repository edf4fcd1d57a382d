package io.densespark.data.files;

import java.io.IOException;
import java.net.UnknownHostException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Hadoop's file systems by path. */
public final class FileSystems {
    private FileSystems() {}

    /**
     * The file system that {@code path} is on. It may be shared with all of the process: not to be closed.
     *
     * @throws IOException if there is none, or it can't be reached; an unknown host too, which Hadoop takes for a wrong
     *     argument
     */
    public static FileSystem of(Configuration conf, Path path) throws IOException {
        try {
            return path.getFileSystem(conf);
        } catch (IllegalArgumentException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw unknown;
            }
            throw new IOException(e.getMessage(), e);
        }
    }
}
