package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.files.FileSystems;
import io.densespark.data.files.Obstacle;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder that a preparation writes: what may be replaced in it, and what to take away again after an error.
 *
 * <p>Order of calls: {@link #begin}, then {@link #fill}, which makes these: {@link #newShard} for each shard, {@link
 * #commit}, {@link #deleteReplaced}; or {@link #rollBack} at any error up to and including that of the commit.
 */
final class OutputFolder {
    private final Configuration conf;
    private final FileSystem fileSystem;
    private final Path folder;
    private final boolean existed;
    private final Preparation preparation;

    private OutputFolder(
            Configuration conf, FileSystem fileSystem, Path folder, boolean existed, Preparation preparation) {
        this.conf = conf;
        this.fileSystem = fileSystem;
        this.folder = folder;
        this.existed = existed;
        this.preparation = preparation;
    }

    /**
     * Clears up after preparations that were killed, looks at what is there and makes the folder if need be.
     *
     * @throws DataException if a data set is there that may not be replaced, if something else is there, or if the
     *     folder can't be made
     */
    static OutputFolder begin(Configuration conf, Path folder, boolean overwrite) {
        try {
            FileSystem fileSystem = FileSystems.of(conf, folder);
            boolean existed = fileSystem.exists(folder);
            Optional<DatasetDescription> replaced =
                    existed ? look(conf, fileSystem, folder, overwrite) : Optional.empty();
            if (!fileSystem.mkdirs(folder)) {
                throw new DataException("can't make folder " + folder + ": check the path and your permissions");
            }
            return new OutputFolder(
                    conf, fileSystem, folder, existed, Preparation.begin(conf, fileSystem, folder, replaced));
        } catch (IOException e) {
            throw DataException.cannotWrite(folder, e);
        }
    }

    private static Optional<DatasetDescription> look(
            Configuration conf, FileSystem fileSystem, Path folder, boolean overwrite) throws IOException {
        if (!fileSystem.getFileStatus(folder).isDirectory()) {
            throw new DataException(folder + " is a file: give a folder that doesn't exist yet");
        }
        for (Preparation killed : Preparation.unfinished(conf, fileSystem, folder)) {
            killed.end();
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

    /**
     * Writes a data set: all of it, or after any error of {@code writer} or of the commit nothing.
     *
     * @param writer writes the shards, and says what they hold
     */
    DatasetDescription fill(Function<OutputFolder, DatasetDescription> writer) {
        DatasetDescription description;
        try {
            description = writer.apply(this);
            commit(description);
        } catch (RuntimeException | Error e) {
            rollBack(e);
            throw e;
        }
        deleteReplaced();
        return description;
    }

    /** The path for the next shard. */
    Path newShard(String split, int index) {
        return preparation.shard(split, index);
    }

    /** What the names of shards that tasks write have in common, see {@link Preparation#shardOfAttempt}. */
    String number() {
        return preparation.number();
    }

    /** The path for the table of images that couldn't be prepared. */
    Path quarantine() {
        return preparation.quarantine();
    }

    /**
     * Makes the shards written so far the data set.
     *
     * @throws DataException if another preparation has taken the folder, or the description can't be written
     */
    void commit(DatasetDescription description) {
        try {
            preparation.requireCurrent();
        } catch (IOException e) {
            throw DataException.cannotRead(folder, e);
        }
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
            preparation.end();
            if (!existed && fileSystem.listStatus(folder).length == 0) {
                fileSystem.delete(folder, true);
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
        try {
            preparation.end();
        } catch (IOException e) {
            throw new DataException(
                    folder + " has the new data set, but not all of the old one can be deleted (" + Obstacle.reason(e)
                            + "): the next preparation there will, or delete it yourself",
                    e);
        }
    }
}
