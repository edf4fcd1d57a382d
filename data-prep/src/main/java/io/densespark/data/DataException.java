package io.densespark.data;

import io.densespark.data.files.Obstacle;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A data set, or a setting about one, that can't be used as it is.
 *
 * <p>The message is one line for the person who started the job: it names the file or the setting, says what is wrong
 * with it, and what to do. The command line prints it without a stack trace and exits with status 1.
 */
public class DataException extends IllegalArgumentException {
    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }

    /** For a file that can't be read, by the error alone; {@code file} is a path or a resource name. */
    public static DataException cannotRead(Object file, IOException cause) {
        return cannotRead(file, Obstacle.of(cause), cause);
    }

    /** For a file or folder that can't be opened: looks again at what is there. */
    public static DataException cannotRead(Configuration conf, Path file, IOException cause) {
        return cannotRead(file, Obstacle.of(conf, file, cause), cause);
    }

    /** For a file that can't be read, where the reason is known. */
    public static DataException cannotRead(Object file, Obstacle obstacle, Throwable cause) {
        String line = Obstacle.reason(cause);
        String message =
                switch (obstacle) {
                    case MISSING -> file + " doesn't exist: check the path";
                    case FOLDER -> file + " is a folder where a file is expected: check the path";
                    case FORBIDDEN ->
                        file + " may not be read" + denial(cause)
                                + ": ask for permission to read it and to enter the folders above it";
                    case UNREACHABLE -> unreachable(file, line);
                    case DAMAGED -> file + " is damaged (" + line + "): copy it or make it again";
                    case FULL, OTHER -> "can't read " + file + " (" + line + "): check the path and its file system";
                };
        return new DataException(message, cause);
    }

    /** For a file or folder that the file system failed to write. */
    public static DataException cannotWrite(Object file, IOException cause) {
        String line = Obstacle.reason(cause);
        String message =
                switch (Obstacle.of(cause)) {
                    case FORBIDDEN -> file + " may not be written (" + line + "): ask for permission, or name another";
                    case UNREACHABLE -> unreachable(file, line);
                    default ->
                        "can't write " + file + " (" + line
                                + "): check the path, its file system, its free space and your permissions";
                };
        return new DataException(message, cause);
    }

    /** What the file system says, unless it says that the file isn't there. */
    private static String denial(Throwable cause) {
        return Obstacle.of(cause) == Obstacle.FORBIDDEN ? " (" + Obstacle.reason(cause) + ")" : "";
    }

    private static String unreachable(Object file, String line) {
        return "the file system of " + file + " can't be reached (" + line + "): check its name, and that it runs";
    }
}
