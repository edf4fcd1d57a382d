package io.densespark.data.shard;

import io.densespark.data.files.LocalErrors;
import io.densespark.data.files.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A new file that takes the SHA-256 of its bytes on their way, so that nothing is read again to know it. */
final class DigestOutputFile implements OutputFile {
    private final Path file;
    private final FileSystem fileSystem;
    private final MessageDigest digest;
    private long bytes;

    DigestOutputFile(Path file, FileSystem fileSystem) {
        this.file = file;
        this.fileSystem = fileSystem;
        digest = Sha256.digest();
    }

    /** Bytes written so far. */
    long bytes() {
        return bytes;
    }

    /** SHA-256 of all bytes, in hexadecimal digits; once, after the stream was closed. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        OutputStream out = new DigestOutputStream(new LocalErrors(fileSystem.create(file, false), file), digest);
        return new PositionOutputStream() {
            @Override
            public long getPos() {
                return bytes;
            }

            @Override
            public void write(int value) throws IOException {
                out.write(value);
                bytes++;
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                out.write(source, offset, length);
                bytes += length;
            }

            @Override
            public void flush() throws IOException {
                out.flush();
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        throw new UnsupportedOperationException("shards are never overwritten");
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    @Override
    public String getPath() {
        return file.toString();
    }
}
