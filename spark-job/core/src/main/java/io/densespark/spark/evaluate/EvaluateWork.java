package io.densespark.spark.evaluate;

import io.densespark.data.DatasetDescription;
import io.densespark.data.batch.Augmentation;
import io.densespark.data.batch.BatchLoader;
import io.densespark.data.batch.BatchSlices;
import io.densespark.data.batch.Examples;
import io.densespark.data.batch.ImageBatch;
import io.densespark.data.batch.ImageTransform;
import io.densespark.data.batch.Normalization;
import io.densespark.data.batch.SharedOrder;
import io.densespark.model.backend.DeviceReplica;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.replica.Replica;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.StateDictionary;
import io.densespark.spark.rank.BatchPixels;
import io.densespark.spark.rank.Rank;
import io.densespark.spark.rank.RankWork;
import io.densespark.spark.store.ModelFolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What each rank of an evaluation does: rank r of R takes the images {@code [n·r/R, n·(r+1)/R)} of a split. */
final class EvaluateWork implements RankWork<EvaluateWork.Session, SliceResult> {
    private static final int PREFETCH = 2;

    private final String model;
    private final String data;
    private final String split;

    EvaluateWork(Path model, Path data, String split) {
        this.model = model.toString();
        this.data = data.toString();
        this.split = split;
    }

    /** A model on its device, and the images of the whole split. */
    record Session(DeviceReplica opened, Examples images, Normalization normalization) implements AutoCloseable {
        Replica replica() {
            return opened.replica();
        }

        @Override
        public void close() {
            opened.close();
        }
    }

    @Override
    public boolean isCollective() {
        return false;
    }

    @Override
    public Session open(Rank rank) throws IOException, InterruptedException {
        Configuration conf = rank.hadoop();
        ModelFolder folder = ModelFolder.read(new Path(model), conf);
        Path place = new Path(data);
        Examples images = rank.images(DatasetDescription.read(conf, place), place, split);
        DeviceReplica opened = DeviceReplica.open(rank.replica());
        try {
            StateDictionary.restore(folder.state(), opened.replica(), model);
            return new Session(opened, images, normalization(folder.description()));
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public SliceResult run(Session session, Rank rank, ProcessGroup group) throws InterruptedException {
        Examples images = session.images();
        int[] order =
                IntStream.range(first(images, rank, 0), first(images, rank, 1)).toArray();
        ImageTransform transform = new ImageTransform(images.shape(), session.normalization(), Augmentation.NONE, 0, 0);
        BatchSlices slices = new BatchSlices(session.replica().settings().batch(), 0, 1);
        Replica replica = session.replica();
        EvaluationStatistics statistics =
                new EvaluationStatistics(replica.settings().spec().classes(), order.length);
        try (BatchLoader loader = images.load(new SharedOrder(order, slices), transform, PREFETCH, rank.cores())) {
            for (Optional<ImageBatch> next = loader.next(); next.isPresent(); next = loader.next()) {
                ImageBatch batch = next.get();
                statistics.add(replica.logits(BatchPixels.of(batch), batch.count()), batch.labels(), batch.count());
            }
        }
        return statistics.slice();
    }

    /** Index of the first image of the rank that comes {@code after} this one. */
    private static int first(Examples images, Rank rank, int after) {
        return (int) ((long) images.size()
                * (rank.place().rank() + after)
                / rank.place().worldSize());
    }

    /** The model's own, which needn't be that of the data set. */
    private static Normalization normalization(ModelDescription model) {
        return new Normalization(floats(model.mean()), floats(model.std()));
    }

    private static List<Float> floats(List<Double> values) {
        return values.stream().map(Double::floatValue).toList();
    }
}
