package io.densespark.model.replica;

import io.densespark.model.kernels.Dropout;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.ReplicaSettings;
import java.util.ArrayList;
import java.util.List;

/** What each layer drops in training: its new columns' elements, row by row, from the first image of the epoch on. */
final class LayerDropouts {
    private final DenseNetSpec spec;
    private final ImageShape image;

    LayerDropouts(ReplicaSettings settings) {
        spec = settings.spec();
        image = settings.image();
    }

    /** Whether nothing is dropped. */
    boolean isNone() {
        return spec.dropout() == 0;
    }

    /**
     * Of a layer.
     *
     * @param before images of the replica's batch before the first one that is meant
     */
    Dropout of(BatchPosition position, int block, int layer, int before) {
        long place = (long) position.firstImage() + before;
        return new Dropout(
                spec.dropout(),
                Dropout.key(position.seed(), position.epoch(), block, layer),
                place * spec.blockShape(image, block).pixels() * spec.growthRate());
    }

    /** Of all layers, from the first image of the replica's batch on. */
    List<Dropout> all(BatchPosition position) {
        List<Dropout> all = new ArrayList<>();
        for (int block = 0; block < spec.blocks().size(); block++) {
            for (int layer = 0; layer < spec.blocks().get(block); layer++) {
                all.add(of(position, block, layer, 0));
            }
        }
        return all;
    }
}
