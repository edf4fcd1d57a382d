package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.files.FileSystems;
import io.densespark.data.files.Obstacle;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** An image's file. */
final class ImageFile {
    private static final int MOST_BYTES = 512 << 20;

    private ImageFile() {}

    /** Why a file can't be had, in words that go on after its name; to try again doesn't help. */
    static final class UnreadableException extends Exception {
        UnreadableException(String message) {
            super(message);
        }
    }

    /**
     * All its bytes.
     *
     * @throws UnreadableException if it is missing, forbidden, damaged or far too large
     * @throws DataException if its file system fails, so that it may be had another time
     */
    static byte[] read(Configuration conf, String file) throws UnreadableException {
        Path path = path(file);
        try (InputStream in = FileSystems.of(conf, path).open(path)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new UnreadableException("it has more than " + MOST_BYTES + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            String problem =
                    switch (Obstacle.of(conf, path, e)) {
                        case MISSING -> "there is no such file";
                        case FOLDER -> "it is a folder";
                        case FORBIDDEN -> "it may not be read";
                        case DAMAGED -> "it is damaged (" + Obstacle.reason(e) + ")";
                        case UNREACHABLE, FULL, OTHER -> throw DataException.cannotRead(conf, path, e);
                    };
            throw new UnreadableException(problem);
        }
    }

    private static Path path(String file) throws UnreadableException {
        try {
            return new Path(file);
        } catch (IllegalArgumentException e) {
            throw new UnreadableException("its path is none (" + e.getMessage() + ")");
        }
    }
}
