package io.densespark.spark.store;

import io.densespark.data.files.Obstacle;
import io.densespark.data.files.PlainFiles;
import io.densespark.data.files.Sha256;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/**
 * The one way in which files are read, on any Hadoop file system. What can't pass by itself is told from what may: a file that
 * is missing, one that may not be read, a folder in its place, and damage that the file system itself finds have types of
 * their own; any other {@link IOException} is worth another try.
 *
 * @param value what was made of the content
 * @param sha256 of the whole file, in hexadecimal
 */
public record StoredFile<T>(T value, String sha256) {
    private static final int BUFFER = 1 << 16;

    /** Makes a value of a file's content. */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(InputStream in) throws IOException;
    }

    /**
     * Reads a file.
     *
     * @throws FileNotFoundException if there is none, and only then
     * @throws UnreadableFileException if it may not be read, or is a folder
     * @throws DamagedFileException if the file system finds that the content isn't what was written
     */
    public static <T> StoredFile<T> read(Path file, Configuration conf, Parser<T> parser) throws IOException {
        FileSystem files = PlainFiles.of(file, conf).system();
        try {
            return open(file, files, parser);
        } catch (IOException e) {
            return switch (Obstacle.of(conf, file, e)) {
                case MISSING -> throw notFound(file, e);
                case FOLDER -> throw UnreadableFileException.folder(file, e);
                case DAMAGED ->
                    throw new DamagedFileException(file + " is damaged (" + Obstacle.reason(e) + "): copy it again", e);
                case FORBIDDEN -> again(file, files, parser);
                case UNREACHABLE, FULL, OTHER -> throw e;
            };
        }
    }

    private static <T> StoredFile<T> open(Path file, FileSystem files, Parser<T> parser) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(new BufferedInputStream(files.open(file), BUFFER), digest)) {
            T value = parser.parse(in);
            // What a parser leaves belongs to the digest too.
            in.transferTo(OutputStream.nullOutputStream());
            return new StoredFile<>(value, Sha256.hex(digest));
        }
    }

    /** A file that wasn't found and is there has appeared meanwhile, or it is a local one that may not be read. */
    private static <T> StoredFile<T> again(Path file, FileSystem files, Parser<T> parser) throws IOException {
        try {
            return open(file, files, parser);
        } catch (FileNotFoundException | NoSuchFileException | AccessControlException | AccessDeniedException e) {
            throw UnreadableFileException.forbidden(file, e);
        }
    }

    private static FileNotFoundException notFound(Path file, IOException cause) {
        FileNotFoundException missing = new FileNotFoundException("there is no file " + file);
        missing.initCause(cause);
        return missing;
    }
}
