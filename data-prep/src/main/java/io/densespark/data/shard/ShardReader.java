package io.densespark.data.shard;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import io.densespark.data.files.FileSystems;
import io.densespark.data.files.Obstacle;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/**
 * Reads whole shards of one data set of pixels. For several threads: each call opens its own file, and everything it does with
 * the file system happens on the calling thread.
 */
public final class ShardReader {
    private final Configuration conf;
    private final Path folder;
    private final ShardFormat format;

    /** @throws DataException if the data set has encoded images, which are not read by whole shards */
    public ShardReader(Configuration conf, Path folder, DatasetDescription description) {
        this.conf = conf;
        this.folder = folder;
        this.format = ShardFormat.of(description);
        if (format.encoded()) {
            throw new DataException(folder + " has encoded images where images of one size are expected: prepare it "
                    + "without keeping them encoded");
        }
    }

    /**
     * Reads a shard and checks it against its description.
     *
     * @throws DataException if the file is missing or may not be read, its file system can't be reached, it has another length or other columns than it should, is damaged (each
     *     page has a checksum), has an image of another size, a label that can't be, or another number of rows
     */
    public DecodedShard read(Shard shard) {
        Path file = new Path(folder, shard.file());
        requireArraySize(shard, file);
        try {
            // Closing it would close it for everyone: Hadoop shares one among all of the same user and URI.
            FileSystem fileSystem = FileSystems.of(conf, file);
            long length = fileSystem.getFileStatus(file).getLen();
            if (length != shard.bytes()) {
                throw new DataException(file + " has " + length + " bytes where " + DatasetDescription.FILE_NAME
                        + " says " + shard.bytes() + ": it is truncated or replaced, run prepare again");
            }
            return readParquet(shard, file);
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, e);
        }
    }

    private DataException unreadable(Path file, Exception error) {
        Obstacle obstacle = Obstacle.of(conf, file, error);
        String line = Obstacle.reason(error);
        return switch (obstacle) {
            case MISSING -> new DataException(file + " is missing: run prepare again", error);
            case DAMAGED -> new DataException(file + " is damaged (" + line + "): run prepare again", error);
            // Parquet meets damage with all kinds of exceptions, unchecked ones too.
            case OTHER ->
                new DataException(
                        file + " can't be read (" + line
                                + "): check its file system, or if the file is damaged run prepare again",
                        error);
            case FOLDER, FORBIDDEN, UNREACHABLE -> DataException.cannotRead(file, obstacle, error);
        };
    }

    private DecodedShard readParquet(Shard shard, Path file) throws IOException {
        ParquetReadOptions options =
                HadoopReadOptions.builder(conf).usePageChecksumVerification().build();
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf), options)) {
            ShardSchema.requireColumns(reader.getFileMetaData().getSchema(), format, file);
            if (reader.getRecordCount() != shard.rows()) {
                throw new DataException(file + " has " + reader.getRecordCount() + " rows where "
                        + DatasetDescription.FILE_NAME + " says " + shard.rows() + ": run prepare again");
            }
            MessageType read = ShardSchema.read(format);
            reader.setRequestedSchema(read);
            MessageColumnIO columns = new ColumnIOFactory(
                            reader.getFileMetaData().getCreatedBy())
                    .getColumnIO(read, reader.getFileMetaData().getSchema(), true);
            DecodedShard decoded = new DecodedShard(format, shard.rows());
            ImageMaterializer rows = new ImageMaterializer(decoded, format, file);
            for (PageReadStore group = reader.readNextRowGroup(); group != null; group = reader.readNextRowGroup()) {
                RecordReader<DecodedShard> records = columns.getRecordReader(group, rows);
                for (long left = group.getRowCount(); left > 0; left--) {
                    records.read();
                }
            }
            return decoded;
        }
    }

    private void requireArraySize(Shard shard, Path file) {
        ImageShape shape = format.shape();
        if ((long) shard.rows() * shape.bytes() > Integer.MAX_VALUE - 8) {
            throw new DataException(file + " has " + shard.rows() + " images of " + shape
                    + ", above 2 GB: run prepare again with fewer rows per shard");
        }
    }
}
