package io.densespark.data.shard;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.Shard;
import io.densespark.data.files.FileSystems;
import io.densespark.data.files.Obstacle;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** The file of a shard: opened, compared with what {@code dataset.json} says of it, and what is wrong with it in words. */
final class ShardFile {
    private ShardFile() {}

    /** What is read of an open file. */
    @FunctionalInterface
    interface Content<T> {
        T read(ParquetFileReader reader) throws IOException;
    }

    /**
     * Reads something of a shard; everything happens on the calling thread.
     *
     * @throws DataException if the file is missing or may not be read, its file system can't be reached, it has another
     *     length, other columns or another number of rows than it should, or is damaged (each page has a checksum)
     */
    static <T> T read(Configuration conf, Path file, Shard shard, ShardFormat format, Content<T> content) {
        try {
            // Closing it would close it for everyone: Hadoop shares one among all of the same user and URI.
            FileSystem fileSystem = FileSystems.of(conf, file);
            requireLength(file, shard, fileSystem.getFileStatus(file).getLen());
            ParquetReadOptions options = HadoopReadOptions.builder(conf)
                    .usePageChecksumVerification()
                    .build();
            try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf), options)) {
                ShardSchema.requireColumns(reader.getFileMetaData().getSchema(), format, file);
                if (reader.getRecordCount() != shard.rows()) {
                    throw new DataException(file + " has " + reader.getRecordCount() + " rows where "
                            + DatasetDescription.FILE_NAME + " says " + shard.rows() + ": run prepare again");
                }
                return content.read(reader);
            }
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(conf, file, e);
        }
    }

    /**
     * Looks whether all shards are there, in the length that they should have; what is in them isn't read.
     *
     * @param folder the data set's
     * @throws DataException naming the first that isn't
     */
    static void requireAll(Configuration conf, Path folder, Collection<Shard> shards) {
        Map<String, Long> lengths = new HashMap<>();
        try {
            RemoteIterator<FileStatus> content = FileSystems.of(conf, folder).listStatusIterator(folder);
            while (content.hasNext()) {
                FileStatus file = content.next();
                lengths.put(file.getPath().getName(), file.getLen());
            }
        } catch (IOException e) {
            throw DataException.cannotRead(conf, folder, e);
        }
        for (Shard shard : shards) {
            Path file = new Path(folder, shard.file());
            Long length = lengths.get(shard.file());
            if (length == null) {
                throw new DataException(file + " is missing: run prepare again");
            }
            requireLength(file, shard, length);
        }
    }

    private static void requireLength(Path file, Shard shard, long length) {
        if (length != shard.bytes()) {
            throw new DataException(file + " has " + length + " bytes where " + DatasetDescription.FILE_NAME + " says "
                    + shard.bytes() + ": it is truncated or replaced, run prepare again");
        }
    }

    private static DataException unreadable(Configuration conf, Path file, Exception error) {
        Obstacle obstacle = Obstacle.of(conf, file, error);
        String line = Obstacle.reason(error);
        return switch (obstacle) {
            case MISSING -> new DataException(file + " is missing: run prepare again", error);
            case DAMAGED -> new DataException(file + " is damaged (" + line + "): run prepare again", error);
            // Parquet meets damage with all kinds of exceptions, unchecked ones too.
            case FULL, OTHER ->
                new DataException(
                        file + " can't be read (" + line
                                + "): check its file system, or if the file is damaged run prepare again",
                        error);
            case FOLDER, FORBIDDEN, UNREACHABLE -> DataException.cannotRead(file, obstacle, error);
        };
    }
}
