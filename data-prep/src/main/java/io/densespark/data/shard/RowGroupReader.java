package io.densespark.data.shard;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.Shard;
import io.densespark.data.files.Obstacle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/**
 * Reads row groups of the shards of one data set of encoded images. For several threads: each call opens its own file, and
 * everything it does with the file system happens on the calling thread.
 */
public final class RowGroupReader {
    private final Configuration conf;
    private final Path folder;
    private final ShardFormat format;

    /** @param description of encoded images, of one class each */
    public RowGroupReader(Configuration conf, Path folder, DatasetDescription description) {
        this.conf = conf;
        this.folder = folder;
        this.format = ShardFormat.of(description);
    }

    /**
     * The row groups of a shard, by its footer alone.
     *
     * @throws DataException if the file is missing or may not be read, its file system can't be reached, or its length,
     *     footer, columns or number of rows are not as they should be
     */
    public List<RowGroup> list(Shard shard) {
        return ShardFile.read(conf, file(shard), shard, format, reader -> {
            List<RowGroup> groups = new ArrayList<>();
            for (BlockMetaData block : reader.getRowGroups()) {
                groups.add(new RowGroup(shard, groups.size(), Math.toIntExact(block.getRowCount()), imageBytes(block)));
            }
            return groups;
        });
    }

    private static long imageBytes(BlockMetaData block) {
        return block.getColumns().stream()
                .filter(column -> column.getPath().toDotString().equals(ShardSchema.IMAGE))
                .mapToLong(ColumnChunkMetaData::getTotalUncompressedSize)
                .sum();
    }

    /**
     * Reads images of a row group.
     *
     * @param wanted by the row in the group; the others are not copied
     * @return those that are wanted, in their order
     * @throws DataException as {@link #list}, or if a page is damaged or a label can't be
     * @throws UncheckedIOException if the file system fails, so that it may be had another time: epochs take hours
     */
    public List<EncodedImage> read(RowGroup group, IntPredicate wanted) {
        Path file = file(group.shard());
        try {
            return ShardFile.read(conf, file, group.shard(), format, reader -> read(reader, group, wanted, file));
        } catch (DataException e) {
            if (e.getCause() instanceof IOException cause && mayPass(Obstacle.of(conf, file, cause))) {
                throw new UncheckedIOException(e.getMessage(), cause);
            }
            throw e;
        }
    }

    private static boolean mayPass(Obstacle obstacle) {
        return obstacle == Obstacle.UNREACHABLE || obstacle == Obstacle.OTHER;
    }

    private List<EncodedImage> read(ParquetFileReader reader, RowGroup group, IntPredicate wanted, Path file)
            throws IOException {
        MessageType read = ShardSchema.encoded();
        reader.setRequestedSchema(read);
        EncodedMaterializer rows = new EncodedMaterializer(wanted, format.classes(), file);
        // Freed when the reader is closed.
        PageReadStore pages = reader.readRowGroup(group.number());
        RecordReader<List<EncodedImage>> records = new ColumnIOFactory(
                        reader.getFileMetaData().getCreatedBy())
                .getColumnIO(read, reader.getFileMetaData().getSchema(), true)
                .getRecordReader(pages, rows);
        for (long left = pages.getRowCount(); left > 0; left--) {
            records.read();
        }
        return rows.getCurrentRecord();
    }

    private Path file(Shard shard) {
        return new Path(folder, shard.file());
    }
}
