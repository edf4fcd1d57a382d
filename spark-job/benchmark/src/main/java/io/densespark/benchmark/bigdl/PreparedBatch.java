package io.densespark.benchmark.bigdl;

import io.densespark.benchmark.step.Problem;
import io.densespark.benchmark.step.ProblemFiles;
import io.densespark.data.DatasetDescription;
import io.densespark.data.Shard;
import io.densespark.data.batch.Augmentation;
import io.densespark.data.batch.BatchLoader;
import io.densespark.data.batch.BatchSlices;
import io.densespark.data.batch.ImageBatch;
import io.densespark.data.batch.ImageSet;
import io.densespark.data.batch.ImageTransform;
import io.densespark.data.batch.Normalization;
import io.densespark.data.batch.SharedOrder;
import io.densespark.data.shard.DecodedShard;
import io.densespark.data.shard.ShardReader;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The first images of a prepared train split, normalized as for training but not augmented, as a problem's batch. */
final class PreparedBatch {
    private PreparedBatch() {}

    /**
     * Writes the batch file of a problem whose network and image size are the data set's.
     *
     * @throws JobException if the split has fewer images than the batch
     * @throws io.densespark.data.DataException if a shard is missing or damaged
     */
    static void write(Problem problem, DatasetDescription dataset, Path folder, Configuration conf) throws IOException {
        int count = problem.batch();
        if (dataset.count(DatasetDescription.TRAIN) < count) {
            throw new JobException("setting batch " + count + ": the data set " + folder + " has only "
                    + dataset.count(DatasetDescription.TRAIN) + " training images; set it to that or less");
        }
        ImageSet images = first(count, dataset, new ShardReader(conf, folder, dataset));
        ImageTransform transform =
                new ImageTransform(dataset.shape(), Normalization.of(dataset), Augmentation.NONE, 0, 0);
        int[] order = IntStream.range(0, count).toArray();
        try (BatchLoader loader =
                new BatchLoader(images, new SharedOrder(order, new BatchSlices(count, 0, 1)), transform, 1)) {
            ImageBatch batch = loader.next().orElseThrow();
            ProblemFiles.writeBatch(problem, batch.normalized(), batch.labels());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("interrupted while the batch was made", e);
        }
    }

    /** Shards are read in order, and no more of them than it takes. */
    private static ImageSet first(int count, DatasetDescription dataset, ShardReader reader) {
        int size = dataset.shape().bytes();
        byte[] pixels = new byte[Math.multiplyExact(count, size)];
        int[] labels = new int[count];
        int have = 0;
        for (Shard shard : dataset.shards(DatasetDescription.TRAIN)) {
            if (have == count) {
                break;
            }
            DecodedShard decoded = reader.read(shard);
            int taken = Math.min(count - have, decoded.labels().length);
            System.arraycopy(decoded.pixels(), 0, pixels, have * size, taken * size);
            System.arraycopy(decoded.labels(), 0, labels, have, taken);
            have += taken;
        }
        return ImageSet.of(dataset.shape(), pixels, labels);
    }
}
