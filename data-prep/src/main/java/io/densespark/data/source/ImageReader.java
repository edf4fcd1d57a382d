package io.densespark.data.source;

import io.densespark.data.DataException;

/** A pass over the images of one split, in the order of its files. Not for several threads at once. */
public interface ImageReader extends AutoCloseable {
    /**
     * Reads the next image.
     *
     * @param pixels receives it as {@code [H, W, C]}, one unsigned byte each; {@code shape().bytes()} long
     * @return its label, or -1 after the last image
     * @throws DataException if the file is damaged; the message names file and image
     */
    int next(byte[] pixels);

    @Override
    void close();
}
