package io.densespark.model.replica;

import io.densespark.model.ModelException;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.ReplicaSettings;

/** Whether a replica can take a batch. */
final class BatchCheck {
    private final ReplicaSettings settings;
    private final ImageShape smallest;

    /** @param smallest the smallest feature map's shape */
    BatchCheck(ReplicaSettings settings, ImageShape smallest) {
        this.settings = settings;
        this.smallest = smallest;
    }

    /** @throws ModelException if there are more images than the replica was made for */
    void pixels(Pixels pixels, int images) {
        if (images > settings.batch()) {
            throw new ModelException("a batch of " + images + " images is more than this replica was made for ("
                    + settings.batch() + ")");
        }
        int channels = settings.spec().inputChannels();
        long values = (long) images * settings.image().pixels() * channels;
        if (pixels.length() < values) {
            throw new IllegalArgumentException(images + " images of [" + settings.image() + ", " + channels + "] have "
                    + values + " values, not " + pixels.length());
        }
    }

    /** @throws ModelException if a label is none of the network's classes */
    void labels(int[] labels, int images) {
        int classes = settings.spec().classes();
        for (int n = 0; n < images; n++) {
            if (labels[n] < 0 || labels[n] >= classes) {
                throw new ModelException(
                        "label " + labels[n] + " is out of range: the network has " + classes + " classes");
            }
        }
    }

    /** @throws UndefinedStatisticsException if a channel of the smallest feature map has only one value */
    void statistics(int images) {
        if ((long) images * smallest.pixels() < 2) {
            throw new UndefinedStatisticsException(smallest);
        }
    }
}
