package io.densespark.data;

import java.io.IOException;

/**
 * A data set, or a setting about one, that can't be used as it is.
 *
 * <p>The message is one line for the person who started the job: it names the file or the setting, says what is wrong
 * with it, and what to do. The command line prints it without a stack trace and exits with status 1.
 */
public class DataException extends RuntimeException {
    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }

    /** For a file that the file system failed to read; {@code file} is a path or a resource name. */
    public static DataException cannotRead(Object file, IOException cause) {
        return new DataException(
                "can't read " + file + " (" + firstLine(cause)
                        + "): check the path, its file system and your permissions",
                cause);
    }

    /** For a file or folder that the file system failed to write. */
    public static DataException cannotWrite(Object file, IOException cause) {
        return new DataException(
                "can't write " + file + " (" + firstLine(cause)
                        + "): check the path, its file system, its free space and your permissions",
                cause);
    }

    /** The first line of an exception's own message, or its type where it has none: messages stay on one line. */
    public static String firstLine(Throwable cause) {
        String message = cause.getMessage();
        return message == null || message.isBlank()
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElseThrow().strip();
    }
}
