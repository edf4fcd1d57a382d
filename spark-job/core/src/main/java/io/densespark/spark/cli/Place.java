package io.densespark.spark.cli;

import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ServiceConfigurationError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files and folders that users name. A wrong one is found before anything is done, and named with its option. */
public final class Place {
    /** What stands for letters that couldn't be read. */
    private static final char UNREADABLE = '\uFFFD';

    private Place() {}

    /**
     * A place in full, whether there is something or not: executors have working directories of their own.
     *
     * @param option that names it, with its dashes
     * @throws JobException if it is none, or its file system can't be reached
     */
    public static Path of(String option, String place, Configuration conf) {
        if (place.indexOf(UNREADABLE) >= 0) {
            throw new JobException(option + " " + place + " has letters that Java can't read with the locale of this "
                    + "process: set LC_ALL=C.UTF-8");
        }
        try {
            Path path = new Path(place);
            FileSystem files = path.getFileSystem(conf);
            Path qualified = files.makeQualified(path);
            ask(files, qualified);
            return qualified;
        } catch (IOException | RuntimeException | LinkageError | ServiceConfigurationError e) {
            throw UserMessage.wrongPlace(option, place, e);
        }
    }

    /** A file system is made without a word to its servers: the first question shows whether they answer. */
    private static void ask(FileSystem files, Path path) throws IOException {
        try {
            files.getFileStatus(path);
        } catch (FileNotFoundException e) {
            // It answers.
        }
    }
}
