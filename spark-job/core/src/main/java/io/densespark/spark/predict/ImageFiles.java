package io.densespark.spark.predict;

import io.densespark.data.DataException;
import io.densespark.data.files.FileSystems;
import io.densespark.data.files.Obstacle;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** Encoded images, as one task reads and decodes them. */
final class ImageFiles {
    private final Decoder decoder;
    private final Configuration hadoop;

    /** Decodes an encoded image to the channels that are wanted. */
    @FunctionalInterface
    interface Decoder {
        /**
         * Decodes one.
         *
         * @throws BadImageException if it can't be decoded
         */
        Pixels decode(byte[] encoded) throws BadImageException;
    }

    ImageFiles(Decoder decoder, Configuration hadoop) {
        this.decoder = decoder;
        this.hadoop = hadoop;
    }

    /** @throws BadImageException if it can't be decoded */
    Pixels decode(byte[] encoded) throws BadImageException {
        return decoder.decode(encoded);
    }

    /**
     * Reads a file and decodes it.
     *
     * @param place path or URI on any Hadoop file system
     * @throws BadImageException if it isn't there, is damaged, or can't be decoded
     * @throws DataException if it may not be read, or its file system can't be reached
     */
    Pixels read(String place) throws BadImageException {
        return decode(bytes(place));
    }

    private byte[] bytes(String place) throws BadImageException {
        Path path = path(place);
        try (FSDataInputStream in = FileSystems.of(hadoop, path).open(path)) {
            return in.readAllBytes();
        } catch (IOException e) {
            Obstacle obstacle = Obstacle.of(hadoop, path, e);
            switch (obstacle) {
                case MISSING -> throw new BadImageException("missing: there is no such file", e);
                case FOLDER -> throw new BadImageException("a folder", e);
                case DAMAGED -> throw new BadImageException("damaged (" + Obstacle.reason(e) + ")", e);
                default -> throw DataException.cannotRead(path, obstacle, e);
            }
        }
    }

    private static Path path(String place) throws BadImageException {
        try {
            return new Path(place);
        } catch (IllegalArgumentException e) {
            throw new BadImageException("no path (" + Obstacle.reason(e) + ")", e);
        }
    }
}
