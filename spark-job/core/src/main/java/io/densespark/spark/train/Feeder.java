package io.densespark.spark.train;

import io.densespark.spark.rank.Rank;
import java.io.IOException;
import java.io.Serializable;

/** How ranks come to their images. It travels to the executors by Java serialization. */
interface Feeder extends Serializable {
    /**
     * Brings a rank its images, before it knows the others.
     *
     * @throws io.densespark.data.DataException if something is wrong with them
     */
    RankImages open(Rank rank) throws IOException, InterruptedException;

    /** Whether the last batch of an epoch may be shorter than the others, by more than one image a rank. */
    boolean hasShortBatch();

    /** Whether an epoch has one order whatever the number of ranks; otherwise each rank has an order of what it holds. */
    boolean hasOneOrder();
}
