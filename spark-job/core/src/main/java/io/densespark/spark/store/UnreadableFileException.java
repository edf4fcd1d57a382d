package io.densespark.spark.store;

import io.densespark.data.files.Obstacle;
import io.densespark.spark.JobException;
import org.apache.hadoop.fs.Path;

/** Something is there, but this user may not read it, or it is no file. It isn't missing, and needs another remedy. */
public final class UnreadableFileException extends JobException {
    private UnreadableFileException(String message, Throwable cause) {
        super(message, cause);
    }

    static UnreadableFileException forbidden(Path file, Throwable cause) {
        return new UnreadableFileException(
                file + " may not be read ("
                        + Obstacle.reason(cause)
                        + "): change its permissions, or those of the folders above it",
                cause);
    }

    static UnreadableFileException folder(Path file, Throwable cause) {
        return new UnreadableFileException(
                file + " is a folder where a file belongs: move the folder away, or name the file", cause);
    }
}
