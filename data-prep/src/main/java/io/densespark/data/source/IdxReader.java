package io.densespark.data.source;

import io.densespark.data.DataException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads the images of an IDX file beside labels that are in memory already. */
final class IdxReader implements ImageReader {
    private final SourceFile file;
    private final InputStream in;
    private final int imageBytes;
    private final byte[] labels;
    private int image;

    IdxReader(SourceFile file, int headerBytes, int imageBytes, byte[] labels) {
        this.file = file;
        this.imageBytes = imageBytes;
        this.labels = labels;
        this.in = file.open();
        try {
            in.skipNBytes(headerBytes);
        } catch (EOFException e) {
            close();
            throw IdxSplit.truncated(file, e);
        } catch (IOException e) {
            close();
            throw DataException.cannotRead(file.name(), e);
        }
    }

    @Override
    public int next(byte[] pixels) {
        try {
            if (image == labels.length) {
                IdxSplit.requireEnd(file, in.read());
                return -1;
            }
            if (in.readNBytes(pixels, 0, imageBytes) != imageBytes) {
                throw IdxSplit.truncated(file, null);
            }
            return labels[image++];
        } catch (EOFException e) {
            // The gzip stream itself was cut.
            throw IdxSplit.truncated(file, e);
        } catch (IOException e) {
            throw DataException.cannotRead(file.name(), e);
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
