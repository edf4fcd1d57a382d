package io.densespark.data.files;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/**
 * A stream to a file of Hadoop's, whose local file system reports a full disk, and whatever else a write meets, as an {@link
 * Error} that nobody expects: here it is an {@link IOException}.
 */
public final class LocalErrors extends FilterOutputStream {
    private final Path file;

    /** @param file to name in an error, by its folder */
    public LocalErrors(OutputStream out, Path file) {
        super(out);
        this.file = file;
    }

    @Override
    public void write(int value) throws IOException {
        try {
            out.write(value);
        } catch (FSError e) {
            throw checked(e);
        }
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        try {
            out.write(source, offset, length);
        } catch (FSError e) {
            throw checked(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (FSError e) {
            throw checked(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } catch (FSError e) {
            throw checked(e);
        }
    }

    private IOException checked(FSError e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new IOException(Obstacle.reason(cause) + " (writing in " + file.getParent() + ")", e);
    }
}
