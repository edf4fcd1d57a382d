package io.densespark.benchmark.pass;

import io.densespark.model.network.ImageShape;
import java.util.Map;

/**
 * A layer in the middle of a dense block, with half of a batch: what one of two workers has of a step. Names are those that
 * the table shows.
 */
public enum PassShape {
    /** DenseNet-BC-100-12 on 64 images of 32x32: the first block. */
    BC_100_12_BLOCK_1(32, 32, 120, 216, 12),
    /** The third block, of 8x8. */
    BC_100_12_BLOCK_3(32, 8, 240, 342, 12),
    /** DenseNet-121 on 8 images of 224x224: the first block, of 56x56. */
    DENSENET_121_BLOCK_1(4, 56, 160, 256, 32),
    /** The third block, of 14x14. */
    DENSENET_121_BLOCK_3(4, 14, 640, 1024, 32);

    private static final int BOTTLENECK_FACTOR = 4;
    private static final int WORKERS = 2;

    private final int images;
    private final int side;
    private final int inputs;
    private final int channels;
    private final int growthRate;

    /**
     * @param inputs of the layer
     * @param channels of the block's map, of which the inputs are the first
     */
    PassShape(int images, int side, int inputs, int channels, int growthRate) {
        this.images = images;
        this.side = side;
        this.inputs = inputs;
        this.channels = channels;
        this.growthRate = growthRate;
    }

    /** The whole batch of the layer, for a script. */
    Map<String, Object> wholeLayer() {
        return Map.of(
                "name",
                name(),
                "images",
                WORKERS * images,
                "side",
                side,
                "inputs",
                inputs,
                "bottleneck",
                bottleneck(),
                "growth",
                growthRate);
    }

    int images() {
        return images;
    }

    ImageShape image() {
        return new ImageShape(side, side);
    }

    int rows() {
        return images * side * side;
    }

    int inputs() {
        return inputs;
    }

    int channels() {
        return channels;
    }

    int growthRate() {
        return growthRate;
    }

    int bottleneck() {
        return BOTTLENECK_FACTOR * growthRate;
    }
}
