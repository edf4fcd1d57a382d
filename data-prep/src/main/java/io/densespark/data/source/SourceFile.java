package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.files.FileSystems;
import io.densespark.data.files.Obstacle;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * One file of a source, on a Hadoop file system or in this jar.
 *
 * @param name its full name, for messages
 * @param length bytes that {@link #open} gives; empty for a gzipped file, whose real length only reading tells
 */
record SourceFile(String name, OptionalLong length, Opener opener) {
    private static final int BUFFER = 1 << 16;

    /** Opens the file as it is stored; throws a {@link DataException} where it knows why that fails. */
    @FunctionalInterface
    interface Opener {
        InputStream open() throws IOException;
    }

    /** Opens the file at its first byte, unpacked where its name ends in {@code .gz}. */
    InputStream open() {
        try {
            InputStream stored = opener.open();
            try {
                return name.endsWith(".gz")
                        ? new BufferedInputStream(new GZIPInputStream(stored, BUFFER), BUFFER)
                        : new BufferedInputStream(stored, BUFFER);
            } catch (IOException | RuntimeException e) {
                stored.close();
                throw e;
            }
        } catch (IOException e) {
            throw DataException.cannotRead(name, e);
        }
    }

    /** The file at {@code path}, or empty if there is none. */
    static Optional<SourceFile> find(Configuration conf, Path path) {
        try {
            FileSystem fileSystem = FileSystems.of(conf, path);
            FileStatus status = fileSystem.getFileStatus(path);
            if (!status.isFile()) {
                throw new DataException(path + " is a folder where a file is expected: check the source's path");
            }
            OptionalLong length =
                    path.getName().endsWith(".gz") ? OptionalLong.empty() : OptionalLong.of(status.getLen());
            return Optional.of(new SourceFile(path.toString(), length, () -> open(conf, path)));
        } catch (IOException e) {
            if (Obstacle.of(conf, path, e) == Obstacle.MISSING) {
                return Optional.empty();
            }
            throw DataException.cannotRead(conf, path, e);
        }
    }

    private static InputStream open(Configuration conf, Path path) {
        try {
            return FileSystems.of(conf, path).open(path);
        } catch (IOException e) {
            throw DataException.cannotRead(conf, path, e);
        }
    }

    /** A file beside {@code owner} in this jar. */
    static SourceFile resource(Class<?> owner, String resource) {
        return new SourceFile(resource, OptionalLong.empty(), () -> {
            InputStream in = owner.getResourceAsStream(resource);
            if (in == null) {
                throw new FileNotFoundException("not in this jar");
            }
            return in;
        });
    }

    /** Refuses a folder that is missing, or is a file. */
    static void requireFolder(Configuration conf, Path folder, String content) {
        try {
            if (!FileSystems.of(conf, folder).getFileStatus(folder).isDirectory()) {
                throw new DataException(folder + " is a file: give the folder that holds " + content);
            }
        } catch (IOException e) {
            if (Obstacle.of(conf, folder, e) == Obstacle.MISSING) {
                throw new DataException(folder + " doesn't exist: give the folder that holds " + content, e);
            }
            throw DataException.cannotRead(conf, folder, e);
        }
    }

    /**
     * A file of names, one a line.
     *
     * @throws DataException if it is missing, or hasn't that many different names
     */
    static List<String> readNames(Configuration conf, Path path, int count) {
        SourceFile file = find(conf, path)
                .orElseThrow(() -> new DataException(path + " is missing, which names the classes: unpack it again"));
        List<String> names = file.lines();
        if (names.size() != count || names.stream().distinct().count() != count) {
            throw new DataException(path + " has " + names.size() + " names of classes where " + count
                    + " different ones belong: download it again");
        }
        return names;
    }

    /** The lines of a file of text, in UTF-8, stripped, without those that are empty then. */
    List<String> lines() {
        try (InputStream in = open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw DataException.cannotRead(name, e);
        }
    }

    /**
     * The records of a file that has nothing else.
     *
     * @throws DataException if its length is not that of whole records, or it has none
     */
    int records(int recordBytes) {
        long bytes = length().orElseThrow();
        if (bytes == 0 || bytes % recordBytes != 0 || bytes / recordBytes > Integer.MAX_VALUE) {
            throw new DataException(name + " has " + bytes + " bytes, which is not a number of whole records of "
                    + recordBytes + " bytes: it is truncated or another kind of file, download it again");
        }
        return (int) (bytes / recordBytes);
    }
}
