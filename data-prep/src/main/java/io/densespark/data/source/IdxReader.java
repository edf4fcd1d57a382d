package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads the images of an IDX file beside labels that are in memory already. */
final class IdxReader implements ImageReader {
    private final SourceFile file;
    private final InputStream in;
    private final ImageShape stored;
    private final boolean isTransposed;
    private final byte[] labels;
    private final int firstLabel;
    private final byte[] image;
    private int next;

    IdxReader(
            SourceFile file, int headerBytes, ImageShape stored, boolean isTransposed, byte[] labels, int firstLabel) {
        this.file = file;
        this.stored = stored;
        this.isTransposed = isTransposed;
        this.labels = labels;
        this.firstLabel = firstLabel;
        this.image = new byte[isTransposed ? stored.bytes() : 0];
        this.in = file.open();
        try {
            in.skipNBytes(headerBytes);
        } catch (EOFException e) {
            close();
            throw new DataException(IdxSplit.truncated(file), e);
        } catch (IOException e) {
            close();
            throw DataException.cannotRead(file.name(), e);
        }
    }

    @Override
    public int next(byte[] pixels) {
        try {
            if (next == labels.length) {
                IdxSplit.requireEnd(file, in.read());
                return -1;
            }
            byte[] into = isTransposed ? image : pixels;
            if (in.readNBytes(into, 0, stored.bytes()) != stored.bytes()) {
                throw new DataException(IdxSplit.truncated(file));
            }
            if (isTransposed) {
                transpose(pixels);
            }
            return (labels[next++] & 0xff) - firstLabel;
        } catch (EOFException e) {
            // The gzip stream itself was cut.
            throw new DataException(IdxSplit.truncated(file), e);
        } catch (IOException e) {
            throw DataException.cannotRead(file.name(), e);
        }
    }

    /** From {@code [W, H]} to {@code [H, W]}. */
    private void transpose(byte[] pixels) {
        for (int row = 0; row < stored.height(); row++) {
            for (int column = 0; column < stored.width(); column++) {
                pixels[column * stored.height() + row] = image[row * stored.width() + column];
            }
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw DataException.cannotRead(file.name(), e);
        }
    }
}
