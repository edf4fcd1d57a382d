package io.densespark.spark.train;

import io.densespark.data.DatasetDescription;
import io.densespark.data.batch.BatchSlices;
import io.densespark.data.batch.Examples;
import io.densespark.data.batch.Normalization;
import io.densespark.data.batch.SharedOrder;
import io.densespark.data.batch.TrainValidationSplit;
import io.densespark.spark.JobException;
import io.densespark.spark.rank.Rank;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;

/**
 * A prepared data set: every executor holds all of its images, or reads them as they are needed where they are encoded, and an
 * epoch has one order whatever the number of ranks.
 */
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
    public boolean hasOneOrder() {
        return true;
    }

    @Override
    public RankImages open(Rank rank) throws InterruptedException {
        Path place = new Path(folder);
        DatasetDescription dataset = DatasetDescription.read(rank.hadoop(), place);
        if (!dataset.checksum().equals(checksum)) {
            throw new JobException("the data set " + folder + " has changed since the driver read it: start again");
        }
        Examples images = rank.images(dataset, place, DatasetDescription.TRAIN);
        Optional<Examples> validation = dataset.hasValidation()
                ? Optional.of(rank.images(dataset, place, DatasetDescription.VALIDATION))
                : Optional.empty();
        Normalization normalization = Normalization.of(dataset);
        return (plan, group) -> new PreparedFeed(plan, group.rank(), images, validation, normalization);
    }

    private static final class PreparedFeed implements Feed {
        private final RunPlan plan;
        private final int rank;
        private final Examples images;
        private final Normalization normalization;
        /** Indices of the images to learn from. */
        private final int[] training;

        private final Examples validationImages;
        /** Indices of those to validate on. */
        private final int[] validation;

        PreparedFeed(
                RunPlan plan,
                int rank,
                Examples images,
                Optional<Examples> validationImages,
                Normalization normalization) {
            this.plan = plan;
            this.rank = rank;
            this.images = images;
            this.normalization = normalization;
            TrainValidationSplit split = images.split(plan.validSize(), plan.seed());
            training = split.train();
            this.validationImages = validationImages.orElse(images);
            validation = validationImages
                    .map(apart -> IntStream.range(0, apart.size()).toArray())
                    .orElseGet(split::validation);
        }

        @Override
        public Normalization normalization() {
            return normalization;
        }

        @Override
        public Part training(int epoch) {
            int batch = plan.settings().schedule().batchSize();
            int[] order = images.order(plan.seed(), epoch, training, batch);
            return new Part(images, new SharedOrder(order, plan.trainingSlices(rank)));
        }

        @Override
        public Part validation() {
            BatchSlices slices = new BatchSlices(plan.settings().schedule().batchSize(), rank, plan.worldSize());
            return new Part(validationImages, new SharedOrder(validation, slices));
        }
    }
}
