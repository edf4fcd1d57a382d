package io.densespark.data.shard;

import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.LabelKind;
import java.io.Serializable;

/**
 * What all shards of a data set have in common.
 *
 * @param shape of every image
 * @param labels whether an image has one class, or something is told of each
 * @param classes their number, C
 * @param weighted whether each image has a weight
 * @param encoded whether images are encoded, and {@code shape} is what they are brought to when they are read
 */
public record ShardFormat(ImageShape shape, LabelKind labels, int classes, boolean weighted, boolean encoded)
        implements Serializable {
    /** Images of one class each, without weights. */
    public static ShardFormat plain(ImageShape shape, int classes) {
        return new ShardFormat(shape, LabelKind.CLASS, classes, false, false);
    }

    static ShardFormat of(DatasetDescription description) {
        return new ShardFormat(
                description.shape(),
                description.labels(),
                description.classes().size(),
                description.weighted(),
                description.encoded());
    }
}
