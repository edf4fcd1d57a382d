package io.densespark.spark.ml;

import io.densespark.data.files.Sha256;
import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a fit keeps its checkpoints: in a folder of its own, that its end removes. With a checkpoint location a fit of the
 * same params on the same data, after one that was cut off, goes on there; without one it is a folder of the user's on the
 * default file system, as Spark's own staging is, that nobody comes back to.
 */
record FitFolder(Path path, Configuration conf) {
    private static final Logger LOG = LoggerFactory.getLogger(FitFolder.class);

    /**
     * The folder.
     *
     * @param identity tells fits apart that mustn't go on from each other's checkpoints
     * @throws JobException if its file system can't be had
     */
    static FitFolder of(Optional<String> checkpointLocation, String identity, Configuration conf) {
        try {
            if (checkpointLocation.isPresent()) {
                String name = "fit-"
                        + Sha256.of(identity.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
                Path location = new Path(checkpointLocation.get());
                return new FitFolder(new Path(location.getFileSystem(conf).makeQualified(location), name), conf);
            }
            FileSystem files = FileSystem.get(conf);
            Path home = files.makeQualified(files.getHomeDirectory());
            return new FitFolder(new Path(home, ".densespark/fit-" + UUID.randomUUID()), conf);
        } catch (IOException | RuntimeException e) {
            throw new JobException(
                    "checkpointLocation " + checkpointLocation.orElse("") + " can't be used: " + UserMessage.of(e), e);
        }
    }

    Path model() {
        return new Path(path, "model");
    }

    void remove() {
        try {
            path.getFileSystem(conf).delete(path, true);
        } catch (IOException e) {
            LOG.warn("{} can't be removed: {}", path, e.toString());
        }
    }
}
