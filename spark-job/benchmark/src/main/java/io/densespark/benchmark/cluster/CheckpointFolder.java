package io.densespark.benchmark.cluster;

import io.densespark.data.files.Obstacle;
import io.densespark.data.files.StagedFile;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The folder of this run's checkpoints, of the driver's making; closing it removes it. */
final class CheckpointFolder implements AutoCloseable {
    private final Path path;
    private final Configuration conf;

    private CheckpointFolder(Path path, Configuration conf) {
        this.path = path;
        this.conf = conf;
    }

    /** @throws JobException if nothing can be written there */
    static CheckpointFolder in(Path parent, Configuration conf) {
        try {
            StagedFile.requireWritable(parent, conf);
        } catch (IOException e) {
            throw new JobException(
                    "setting checkpoints " + parent + " can't be written (" + Obstacle.reason(e)
                            + "): name a folder that driver and executors can write",
                    e);
        }
        return new CheckpointFolder(new Path(parent, "densespark-benchmark-" + UUID.randomUUID()), conf);
    }

    String uri() {
        return path.toString();
    }

    @Override
    public void close() {
        try {
            path.getFileSystem(conf).delete(path, true);
        } catch (IOException e) {
            throw new JobException("can't remove " + path + " (" + Obstacle.reason(e) + "): remove it by hand", e);
        }
    }
}
