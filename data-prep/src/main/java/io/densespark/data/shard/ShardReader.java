package io.densespark.data.shard;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import java.io.IOException;
import java.util.Collection;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
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

    /**
     * Looks whether all shards of some splits are there, in the length that they should have: long work may come before one of
     * them is read.
     *
     * @throws DataException naming the first that isn't
     */
    public static void requireThere(
            Configuration conf, Path folder, DatasetDescription description, Collection<String> splits) {
        ShardFile.requireAll(
                conf,
                folder,
                splits.stream()
                        .flatMap(split -> description.shards(split).stream())
                        .toList());
    }

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
     * @throws DataException if the file is missing or may not be read, its file system can't be reached, it has another length
     *     or other columns than it should, is damaged (each page has a checksum), has an image of another size, a label that
     *     can't be, or another number of rows
     */
    public DecodedShard read(Shard shard) {
        Path file = new Path(folder, shard.file());
        requireArraySize(shard, file);
        return ShardFile.read(conf, file, shard, format, reader -> read(reader, shard, file));
    }

    private DecodedShard read(ParquetFileReader reader, Shard shard, Path file) throws IOException {
        MessageType read = ShardSchema.read(format);
        reader.setRequestedSchema(read);
        MessageColumnIO columns = new ColumnIOFactory(reader.getFileMetaData().getCreatedBy())
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

    private void requireArraySize(Shard shard, Path file) {
        ImageShape shape = format.shape();
        if ((long) shard.rows() * shape.bytes() > Integer.MAX_VALUE - 8) {
            throw new DataException(file + " has " + shard.rows() + " images of " + shape
                    + ", above 2 GB: run prepare again with fewer rows per shard");
        }
    }
}
