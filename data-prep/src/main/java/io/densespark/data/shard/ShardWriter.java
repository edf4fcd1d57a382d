package io.densespark.data.shard;

import io.densespark.data.DataException;
import io.densespark.data.Shard;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;

/**
 * Writes one shard: images in the order of the calls, then {@link #finish}, then {@link #close} in any case.
 *
 * <p>A shard that was not finished is no valid Parquet file. Not for several threads at once.
 */
public final class ShardWriter implements AutoCloseable {
    /** Images per row group, about: Parquet counts bytes. Bounds what a reader holds beside the decoded images. */
    private static final int ROW_GROUP_IMAGES = 1000;

    private static final int PAGE_IMAGES = 100;
    private static final int MAX_PAGE_BYTES = 8 << 20;

    /**
     * Of encoded images, whose order is shuffled by row groups: large enough for an object store to read one at a go, small
     * enough for a window of many in memory.
     */
    private static final int ENCODED_ROW_GROUP_BYTES = 4 << 20;

    private static final int ENCODED_PAGE_BYTES = 1 << 20;

    private final Path file;
    private final DigestOutputFile output;
    private final ParquetWriter<ImageRow> writer;
    private int rows;
    private boolean closed;

    /**
     * Creates the file, which must not exist.
     *
     * @throws DataException if it can't be created
     */
    public ShardWriter(Configuration conf, Path file, ShardFormat format) {
        this.file = file;
        long imageBytes = format.shape().bytes();
        long groupBytes = format.encoded() ? ENCODED_ROW_GROUP_BYTES : ROW_GROUP_IMAGES * imageBytes;
        long pageBytes = format.encoded() ? ENCODED_PAGE_BYTES : Math.min(MAX_PAGE_BYTES, PAGE_IMAGES * imageBytes);
        try {
            output = new DigestOutputFile(file, file.getFileSystem(conf));
            writer = new Builder(output, format)
                    .withConf(conf)
                    .withWriteMode(ParquetFileWriter.Mode.CREATE)
                    // Photographs shrink by a few per cent only, and gzip made reading five times slower.
                    .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                    .withDictionaryEncoding(ShardSchema.IMAGE, false)
                    .withRowGroupSize(groupBytes)
                    .withPageSize((int) pageBytes)
                    .withMinRowCountForPageSizeCheck(1)
                    .build();
        } catch (IOException e) {
            throw DataException.cannotWrite(file, e);
        }
    }

    /**
     * Adds an image; its bytes are copied before this returns.
     *
     * @throws DataException if the file can't be written
     */
    public void write(ImageRow row) {
        try {
            writer.write(row);
        } catch (IOException e) {
            throw DataException.cannotWrite(file, e);
        }
        rows++;
    }

    /**
     * Writes what is outstanding and describes the finished shard.
     *
     * @throws DataException if the file can't be written, or has no image
     */
    public Shard finish() {
        try {
            closed = true;
            writer.close();
        } catch (IOException e) {
            throw DataException.cannotWrite(file, e);
        }
        return new Shard(file.getName(), rows, output.bytes(), output.sha256());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                writer.close();
            } catch (IOException e) {
                throw DataException.cannotWrite(file, e);
            }
        }
    }

    private static final class Builder extends ParquetWriter.Builder<ImageRow, Builder> {
        private final ShardFormat format;

        Builder(OutputFile file, ShardFormat format) {
            super(file);
            this.format = format;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<ImageRow> getWriteSupport(Configuration conf) {
            return new ImageWriteSupport(format);
        }
    }
}
