package io.densespark.data.shard;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import java.io.FileNotFoundException;
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

/**
 * Reads whole shards of one data set. For several threads: each call opens its own file, and everything it does with
 * the file system happens on the calling thread.
 */
public final class ShardReader {
    private final Configuration conf;
    private final Path folder;
    private final ImageShape shape;
    private final int classes;

    public ShardReader(Configuration conf, Path folder, DatasetDescription description) {
        this.conf = conf;
        this.folder = folder;
        this.shape = description.shape();
        this.classes = description.classes().size();
    }

    /**
     * Reads a shard and checks it against its description.
     *
     * @throws DataException if the file is missing, has another length or other columns than it should, is damaged (each
     *     page has a checksum), has an image of another size, a label that is no class, or another number of rows
     */
    public DecodedShard read(Shard shard) {
        Path file = new Path(folder, shard.file());
        requireArraySize(shard, file);
        try {
            // Closing it would close it for everyone: Hadoop shares one among all of the same user and URI.
            FileSystem fileSystem = file.getFileSystem(conf);
            long length = fileSystem.getFileStatus(file).getLen();
            if (length != shard.bytes()) {
                throw new DataException(file + " has " + length + " bytes where " + DatasetDescription.FILE_NAME
                        + " says " + shard.bytes() + ": it is truncated or replaced, run prepare again");
            }
            return readParquet(shard, file);
        } catch (FileNotFoundException e) {
            throw new DataException(file + " is missing: run prepare again", e);
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Parquet meets damage with all kinds of exceptions, unchecked ones too.
            throw new DataException(
                    file + " can't be read (" + DataException.firstLine(e)
                            + "): check its file system; if the file is damaged, run prepare again",
                    e);
        }
    }

    private DecodedShard readParquet(Shard shard, Path file) throws IOException {
        ParquetReadOptions options =
                HadoopReadOptions.builder(conf).usePageChecksumVerification().build();
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf), options)) {
            ShardSchema.requireColumns(reader.getFileMetaData().getSchema(), file);
            if (reader.getRecordCount() != shard.rows()) {
                throw new DataException(file + " has " + reader.getRecordCount() + " rows where "
                        + DatasetDescription.FILE_NAME + " says " + shard.rows() + ": run prepare again");
            }
            reader.setRequestedSchema(ShardSchema.READ);
            MessageColumnIO columns = new ColumnIOFactory(
                            reader.getFileMetaData().getCreatedBy())
                    .getColumnIO(ShardSchema.READ, reader.getFileMetaData().getSchema(), true);
            DecodedShard decoded = new DecodedShard(shape, shard.rows());
            ImageMaterializer rows = new ImageMaterializer(decoded, classes, file);
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
        if ((long) shard.rows() * shape.bytes() > Integer.MAX_VALUE - 8) {
            throw new DataException(file + " has " + shard.rows() + " images of " + shape
                    + ", above 2 GB: run prepare again with fewer rows per shard");
        }
    }
}
