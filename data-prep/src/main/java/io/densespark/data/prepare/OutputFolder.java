package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.Shard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder that a preparation writes: what may be replaced in it, and what to take away again after an error.
 *
 * <p>Order of calls: {@link #begin}, {@link #newShard} for each shard, {@link #commit}, {@link #deleteReplaced}; or
 * {@link #rollBack} at any error up to and including that of the commit.
 */
final class OutputFolder {
    private final Configuration conf;
    private final FileSystem fileSystem;
    private final Path folder;
    private final boolean existed;
    private final Optional<DatasetDescription> replaced;
    /** In every shard's name, so that it can stand beside the shards it replaces. */
    private final String preparation = UUID.randomUUID().toString().substring(0, 8);

    private final List<Path> written = new ArrayList<>();

    private OutputFolder(
            Configuration conf,
            FileSystem fileSystem,
            Path folder,
            boolean existed,
            Optional<DatasetDescription> replaced) {
        this.conf = conf;
        this.fileSystem = fileSystem;
        this.folder = folder;
        this.existed = existed;
        this.replaced = replaced;
    }

    /**
     * Looks at what is there and makes the folder if need be.
     *
     * @throws DataException if a data set is there that may not be replaced, if something else is there, or if the
     *     folder can't be made
     */
    static OutputFolder begin(Configuration conf, Path folder, boolean overwrite) {
        try {
            FileSystem fileSystem = folder.getFileSystem(conf);
            boolean existed = fileSystem.exists(folder);
            Optional<DatasetDescription> replaced =
                    existed ? look(conf, fileSystem, folder, overwrite) : Optional.empty();
            if (!fileSystem.mkdirs(folder)) {
                throw new DataException("can't make folder " + folder + ": check the path and your permissions");
            }
            return new OutputFolder(conf, fileSystem, folder, existed, replaced);
        } catch (IOException e) {
            throw DataException.cannotWrite(folder, e);
        }
    }

    private static Optional<DatasetDescription> look(
            Configuration conf, FileSystem fileSystem, Path folder, boolean overwrite) throws IOException {
        if (!fileSystem.getFileStatus(folder).isDirectory()) {
            throw new DataException(folder + " is a file: give a folder that doesn't exist yet");
        }
        FileStatus[] content = fileSystem.listStatus(folder);
        if (content.length == 0) {
            return Optional.empty();
        }
        if (!fileSystem.exists(new Path(folder, DatasetDescription.FILE_NAME))) {
            throw new DataException(
                    folder + " has files (such as " + content[0].getPath().getName()
                            + ") and is not a prepared data set: give another folder, or empty it yourself");
        }
        if (!overwrite) {
            throw new DataException(
                    folder + " already holds a data set: give another folder, or allow it to be overwritten");
        }
        return Optional.of(DatasetDescription.read(conf, folder));
    }

    /** The path for the next shard, such as {@code train-00000-1f0c9a2e.parquet}. */
    Path newShard(String split, int index) {
        Path shard = new Path(folder, String.format(Locale.ROOT, "%s-%05d-%s.parquet", split, index, preparation));
        written.add(shard);
        return shard;
    }

    /** Makes the shards written so far the data set. */
    void commit(DatasetDescription description) {
        description.write(conf, folder);
    }

    /**
     * Takes away everything written. Problems in doing so are added to {@code cause} as suppressed exceptions: the cause
     * is what has to be told.
     */
    void rollBack(Throwable cause) {
        // An interrupted thread could not talk to HDFS.
        boolean interrupted = Thread.interrupted();
        try {
            if (!existed) {
                fileSystem.delete(folder, true);
                return;
            }
            for (Path shard : written) {
                fileSystem.delete(shard, false);
            }
            if (replaced.isPresent() && !fileSystem.exists(new Path(folder, DatasetDescription.FILE_NAME))) {
                replaced.get().write(conf, folder);
            }
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Deletes the shards of the data set that this one replaced.
     *
     * @throws DataException if one can't be deleted; the new data set is complete all the same
     */
    void deleteReplaced() {
        List<Shard> shards = new ArrayList<>();
        replaced.ifPresent(old -> old.splits().values().forEach(shards::addAll));
        for (Shard shard : shards) {
            Path file = new Path(folder, shard.file());
            try {
                fileSystem.delete(file, false);
            } catch (IOException e) {
                throw new DataException(
                        file + " of the replaced data set can't be deleted (" + DataException.firstLine(e)
                                + "): the new data set is complete, delete this file yourself",
                        e);
            }
        }
    }
}
