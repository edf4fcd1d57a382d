package io.densespark.spark.rank;

import io.densespark.data.DatasetDescription;
import io.densespark.data.batch.Examples;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import java.util.Collections;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;

/** One rank, as its work sees it: where it is, what it may use, and what it shares with the ranks of its executor. */
public interface Rank {
    RankPlace place();

    /** The device that Spark gave this rank. */
    Device device();

    /** The cores of its task. */
    int cores();

    /** The driver's Hadoop configuration. */
    Configuration hadoop();

    /**
     * The images of a split, once for all ranks of this executor: decoded in memory, or encoded in their shards.
     *
     * @param folder of the data set
     * @throws io.densespark.data.DataException if a shard is damaged, or the heap is too small
     */
    Examples images(DatasetDescription dataset, Path folder, String split) throws InterruptedException;

    /**
     * The rows that Spark gives this rank, to be read once while it is set up; none where the stage was run without.
     */
    default Iterator<Row> rows() {
        return Collections.emptyIterator();
    }

    /**
     * Bytes of heap that this rank may take for images of its own, beside those of other ranks of its executor.
     */
    long heapForImages();

    /** A folder of Spark's on a local disk, where this rank may keep what doesn't fit its heap; Spark removes it. */
    java.nio.file.Path localFolder();

    /**
     * The replica that fits the memory that this rank has. To be asked when all else is loaded, right before the replica is
     * made.
     *
     * @throws io.densespark.spark.JobException if none fits
     */
    ReplicaSettings replica();

    /**
     * On CPU this replica's part of the most memory that the process had resident since its first replica was asked for,
     * less what it had before, in bytes. On a GPU the bytes of its memory that are in use now, by CUDA itself and by
     * others, too: a replica allocates nothing more after its first steps.
     */
    long peakBytes();
}
