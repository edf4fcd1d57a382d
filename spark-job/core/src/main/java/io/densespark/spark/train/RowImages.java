package io.densespark.spark.train;

import io.densespark.data.ImageShape;
import io.densespark.data.batch.DistributedOrder;
import io.densespark.data.batch.EpochOrder;
import io.densespark.data.batch.ImageSet;
import io.densespark.data.batch.ImageSetBuilder;
import io.densespark.data.batch.ImageSpool;
import io.densespark.data.batch.Normalization;
import io.densespark.data.prepare.ChannelStatistics;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.spark.JobException;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The rows that a rank holds. What the others hold it learns when it joins them. */
final class RowImages implements RankImages {
    /** Where an epoch's number stands: the order in which images are kept aside. */
    private static final int NO_EPOCH = -1;

    private final ImageShape shape;
    private final ImageSpool spool;
    private final ImageSetBuilder training;
    private final ImageSetBuilder validation;
    private final ChannelStatistics statistics;

    RowImages(
            ImageShape shape,
            ImageSpool spool,
            ImageSetBuilder training,
            ImageSetBuilder validation,
            ChannelStatistics statistics) {
        this.shape = shape;
        this.spool = spool;
        this.training = training;
        this.validation = validation;
        this.statistics = statistics;
    }

    @Override
    public Feed join(RunPlan plan, ProcessGroup group) {
        int rank = group.rank();
        RankTable sizes = RankTable.exchange(group, training.size(), validation.size());
        int[] trainings = sizes.wholeNumbers(0);
        int[] validations = sizes.wholeNumbers(1);
        boolean areMarked = IntStream.of(validations).sum() > 0;
        requireSome(IntStream.of(trainings).sum(), areMarked ? 0 : plan.validSize());
        Normalization normalization = normalization(group);
        ImageSet images = training.build(before(trainings, rank));
        if (areMarked) {
            ImageSet apart = validation.build(0);
            return new RowFeed(
                    plan, normalization, rank, images, all(images), trainings, apart, all(apart), validations);
        }
        // Each rank keeps its part of what is kept aside.
        int[] kept = keep(trainings, plan.validSize());
        int[] left =
                IntStream.range(0, kept.length).map(r -> trainings[r] - kept[r]).toArray();
        int[] order = EpochOrder.permutation(plan.seed(), NO_EPOCH, rank, all(images));
        return new RowFeed(
                plan,
                normalization,
                rank,
                images,
                sorted(order, 0, left[rank]),
                left,
                images,
                sorted(order, left[rank], order.length),
                kept);
    }

    /** Images that can't be used may have been left out. */
    private static void requireSome(int usable, int validSize) {
        if (usable <= validSize) {
            throw new JobException("only " + usable + " images can be learnt from, and valid-size keeps " + validSize
                    + " of them aside: set it lower, or mend the images that were left out");
        }
    }

    private static int[] all(ImageSet images) {
        return IntStream.range(0, images.size()).toArray();
    }

    private static int[] sorted(int[] order, int from, int to) {
        int[] part = Arrays.copyOfRange(order, from, to);
        Arrays.sort(part);
        return part;
    }

    private static int before(int[] counts, int rank) {
        return IntStream.of(counts).limit(rank).sum();
    }

    /** Parts of {@code wanted} in proportion to the counts. */
    private static int[] keep(int[] counts, int wanted) {
        long all = IntStream.of(counts).sum();
        return IntStream.range(0, counts.length)
                .map(r -> (int) (wanted * (long) before(counts, r + 1) / all - wanted * (long) before(counts, r) / all))
                .toArray();
    }

    /** By the mean and deviation of all ranks' training images. */
    private Normalization normalization(ProcessGroup group) {
        RankTable table = RankTable.exchange(group, statistics.digits());
        ChannelStatistics all = new ChannelStatistics(shape);
        for (int rank = 0; rank < group.worldSize(); rank++) {
            all = all.plus(ChannelStatistics.of(shape, table.row(rank)));
        }
        return Normalization.of(all.mean(), all.std());
    }

    @Override
    public void close() {
        spool.close();
    }

    /**
     * Orders of what each rank holds.
     *
     * @param learnt indices of the images that are learnt from
     * @param learntByRank how many of them each rank has
     * @param kept indices of those that are kept aside, among {@code apart}
     * @param keptByRank how many of them each rank has
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record RowFeed(
            RunPlan plan,
            Normalization normalization,
            int rank,
            ImageSet images,
            int[] learnt,
            int[] learntByRank,
            ImageSet apart,
            int[] kept,
            int[] keptByRank)
            implements Feed {
        RowFeed {
            DistributedOrder order = new DistributedOrder(learnt, learntByRank, rank, batch(plan));
            if (order.leastCount() < plan.leastShare()) {
                throw new JobException(
                        "a replica would get a single image of some batches, and the last feature maps are "
                                + "1x1, so that their channels would have no variance: set batch-size higher, or replicas lower");
            }
        }

        private static int batch(RunPlan plan) {
            return plan.settings().schedule().batchSize();
        }

        @Override
        public Part training(int epoch) {
            int[] order = EpochOrder.permutation(plan.seed(), epoch, rank, learnt);
            return new Part(images, new DistributedOrder(order, learntByRank, rank, batch(plan)));
        }

        @Override
        public Part validation() {
            return new Part(apart, new DistributedOrder(kept, keptByRank, rank, batch(plan)));
        }
    }
}
