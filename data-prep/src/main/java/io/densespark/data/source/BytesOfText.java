package io.densespark.data.source;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.io.WritableUtils;

/**
 * Reads what a {@link org.apache.hadoop.io.Text} wrote, a variable-length int and as many bytes, without taking it for
 * text: Hadoop's messages about a bad record print its value, which here would be pixels.
 */
final class BytesOfText implements Writable {
    private byte[] bytes = new byte[0];
    private int length;

    /** The bytes read last are the first {@link #length} of these; the next record overwrites them. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    @Override
    public void readFields(DataInput in) throws IOException {
        int announced = WritableUtils.readVInt(in);
        if (announced < 0) {
            throw new IOException("its value has a negative length");
        }
        if (announced > bytes.length) {
            bytes = new byte[announced];
        }
        in.readFully(bytes, 0, announced);
        length = announced;
    }

    @Override
    public void write(DataOutput out) {
        throw new UnsupportedOperationException("BigDL's files are only read");
    }

    @Override
    public String toString() {
        return "its value";
    }
}
