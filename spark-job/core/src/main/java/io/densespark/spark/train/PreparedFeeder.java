package io.densespark.spark.train;

import io.densespark.data.DatasetDescription;
import io.densespark.data.batch.BatchSlices;
import io.densespark.data.batch.EpochOrder;
import io.densespark.data.batch.ImageSet;
import io.densespark.data.batch.Normalization;
import io.densespark.data.batch.SharedOrder;
import io.densespark.data.batch.TrainValidationSplit;
import io.densespark.spark.JobException;
import io.densespark.spark.rank.Rank;
import org.apache.hadoop.fs.Path;

/** A prepared data set: every executor holds all of its images, and an epoch has one order whatever the number of ranks. */
final class PreparedFeeder implements Feeder {
    private final String folder;
    private final String checksum;

    PreparedFeeder(Path folder, String checksum) {
        this.folder = folder.toString();
        this.checksum = checksum;
    }

    @Override
    public boolean hasShortBatch() {
        return true;
    }

    @Override
    public RankImages open(Rank rank, RunPlan plan) throws InterruptedException {
        Path place = new Path(folder);
        DatasetDescription dataset = DatasetDescription.read(rank.hadoop(), place);
        if (!dataset.checksum().equals(checksum)) {
            throw new JobException("the data set " + folder + " has changed since the driver read it: start again");
        }
        ImageSet images = rank.images(dataset, place, DatasetDescription.TRAIN);
        Normalization normalization = Normalization.of(dataset);
        return (joined, group) -> new PreparedFeed(joined, group.rank(), images, normalization);
    }

    private static final class PreparedFeed implements Feed {
        private final RunPlan plan;
        private final int rank;
        private final ImageSet images;
        private final Normalization normalization;
        private final TrainValidationSplit split;

        PreparedFeed(RunPlan plan, int rank, ImageSet images, Normalization normalization) {
            this.plan = plan;
            this.rank = rank;
            this.images = images;
            this.normalization = normalization;
            split = TrainValidationSplit.of(
                    images.size(), plan.settings().schedule().validSize(), plan.seed());
        }

        @Override
        public Normalization normalization() {
            return normalization;
        }

        @Override
        public Part training(int epoch) {
            int[] order = EpochOrder.permutation(plan.seed(), epoch, split.train());
            return new Part(images, new SharedOrder(order, plan.trainingSlices(rank)));
        }

        @Override
        public Part validation() {
            BatchSlices slices = new BatchSlices(plan.settings().schedule().batchSize(), rank, plan.worldSize());
            return new Part(images, new SharedOrder(split.validation(), slices));
        }
    }
}
