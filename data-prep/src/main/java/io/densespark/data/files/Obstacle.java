package io.densespark.data.files;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.ClusterStorageCapacityExceededException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/** Why a file can't be read or written, as far as there is a remedy of its own for it. */
public enum Obstacle {
    /** It isn't there. */
    MISSING,
    /** A folder is there in place of a file. */
    FOLDER,
    /** It may be there, but this user may not get at it. */
    FORBIDDEN,
    /** Its file system doesn't answer, or is none that is known here. */
    UNREACHABLE,
    /** Its content isn't what was written; to try again doesn't help. */
    DAMAGED,
    /** There is no room for it, or this user may have no more. */
    FULL,
    /** None of these. */
    OTHER;

    /** What the operating system says, by way of Java. */
    private static final Pattern NO_ROOM = Pattern.compile("No space left on device|Disk quota exceeded");

    /** By the error alone, or by what caused it. */
    public static Obstacle of(Throwable error) {
        return Causes.of(error)
                .map(Obstacle::ofOne)
                .filter(obstacle -> obstacle != OTHER)
                .findFirst()
                .orElse(OTHER);
    }

    /**
     * By the error that reading {@code path} met, and a look at what is there: local files that may not be read, and
     * folders, are reported as files that aren't found.
     */
    public static Obstacle of(Configuration conf, Path path, Throwable error) {
        Obstacle obstacle = of(error);
        if (obstacle != MISSING) {
            return obstacle;
        }
        try {
            FileSystem fileSystem = FileSystems.of(conf, path);
            try {
                return fileSystem.getFileStatus(path).isDirectory() ? FOLDER : FORBIDDEN;
            } catch (FileNotFoundException e) {
                return isHidden(fileSystem, path) ? FORBIDDEN : MISSING;
            }
        } catch (IOException e) {
            return of(e);
        }
    }

    /** What an error says of itself, for a message of one line: its first line with words in it, or its type. */
    public static String reason(Throwable error) {
        String message = error.getMessage();
        String type = error.getClass().getSimpleName();
        if (message == null || message.isBlank()) {
            return type;
        }
        String line = message.strip().lines().findFirst().orElseThrow().strip();
        // The message of such an error may be the file's name alone.
        return error instanceof FileSystemException named && named.getReason() == null ? type + ": " + line : line;
    }

    private static Obstacle ofOne(Throwable error) {
        if (error instanceof AccessControlException || error instanceof AccessDeniedException) {
            return FORBIDDEN;
        }
        if (error instanceof FileNotFoundException || error instanceof NoSuchFileException) {
            return MISSING;
        }
        if (error instanceof ChecksumException || error instanceof ZipException) {
            return DAMAGED;
        }
        if (error instanceof ClusterStorageCapacityExceededException
                || (error instanceof IOException
                        && NO_ROOM.matcher(reason(error)).find())) {
            return FULL;
        }
        boolean isUnreachable = error instanceof ConnectException
                || error instanceof NoRouteToHostException
                || error instanceof UnknownHostException
                || error instanceof SocketTimeoutException
                || error instanceof UnsupportedFileSystemException;
        return isUnreachable ? UNREACHABLE : OTHER;
    }

    /** Whether a folder above a local file keeps this user from seeing it; other file systems tell so themselves. */
    private static boolean isHidden(FileSystem fileSystem, Path path) {
        if (!(fileSystem instanceof LocalFileSystem local)) {
            return false;
        }
        File folder = local.pathToFile(path).getParentFile();
        while (folder != null && !folder.exists()) {
            folder = folder.getParentFile();
        }
        return folder != null && folder.isDirectory() && !folder.canExecute();
    }
}
