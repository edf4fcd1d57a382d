package io.densespark.model.spec;

import io.densespark.model.ModelException;
import java.util.Collections;
import java.util.List;

/**
 * A DenseNet-BC for small images (Huang et al., "Densely Connected Convolutional Networks", arXiv 1608.06993): a 3x3
 * stem, dense blocks of bottleneck layers (norm, ReLU, 1x1, norm, ReLU, 3x3), transitions (norm, ReLU, 1x1, 2x2 average
 * pooling) between them, and a head (norm, ReLU, global average, linear).
 *
 * @param inputChannels channels of an image
 * @param classes outputs of the classifier
 * @param growthRate channels that each layer adds (k in the paper)
 * @param blocks layers of each dense block
 * @param stemChannels channels behind the stem; 2k in a BC network
 * @param compression share of the channels that a transition keeps (theta in the paper, section 3)
 * @param bottleneckSize channels of a bottleneck in units of the growth rate; 4 in the paper
 */
public record DenseNetSpec(
        int inputChannels,
        int classes,
        int growthRate,
        List<Integer> blocks,
        int stemChannels,
        double compression,
        int bottleneckSize) {

    /** Added to a variance before its root is taken; PyTorch's default. */
    public static final double NORM_EPSILON = 1e-5;

    /** Weight of the newest batch in the running statistics; PyTorch's default. */
    public static final double NORM_MOMENTUM = 0.1;

    private static final int BC_BLOCKS = 3;
    private static final int LAYERS_OUTSIDE_BLOCKS = 4;

    /** @throws ModelException naming the field that is out of range */
    public DenseNetSpec {
        blocks = List.copyOf(blocks);
        requireAtLeast("input channels", inputChannels, 1);
        requireAtLeast("classes", classes, 2);
        requireAtLeast("growth-rate", growthRate, 1);
        requireAtLeast("dense blocks", blocks.size(), 1);
        blocks.forEach(layers -> requireAtLeast("layers of a dense block", layers, 1));
        requireAtLeast("stem channels", stemChannels, 1);
        requireAtLeast("bottleneck size", bottleneckSize, 1);
        if (!(compression > 0 && compression <= 1)) {
            throw new ModelException("compression " + compression + ": must be above 0 and at most 1");
        }
    }

    /**
     * The network that the paper calls DenseNet-BC (L = depth, k = growthRate): three equal blocks, 2k stem channels,
     * compression 0.5.
     *
     * @throws ModelException if depth is not 6n + 4 with n of at least 1
     */
    public static DenseNetSpec bc(int depth, int growthRate, int inputChannels, int classes) {
        int perBlock = (depth - LAYERS_OUTSIDE_BLOCKS) / (2 * BC_BLOCKS);
        if (perBlock < 1 || perBlock * 2 * BC_BLOCKS + LAYERS_OUTSIDE_BLOCKS != depth) {
            throw new ModelException(
                    "depth " + depth + ": a DenseNet-BC with three blocks has depth 6n + 4 (10, 16, 22, "
                            + "40, 100, 190, 250 are); set --depth to such a number");
        }
        return new DenseNetSpec(
                inputChannels, classes, growthRate, Collections.nCopies(BC_BLOCKS, perBlock), 2 * growthRate, 0.5, 4);
    }

    /** Channels between the two convolutions of a layer. */
    public int bottleneckChannels() {
        return bottleneckSize * growthRate;
    }

    /** Channels that enter block {@code block}, counted from 0. */
    public int blockInputChannels(int block) {
        int channels = stemChannels;
        for (int b = 0; b < block; b++) {
            channels = compressed(channels + blocks.get(b) * growthRate);
        }
        return channels;
    }

    /** Channels that leave block {@code block}, its input included. */
    public int blockOutputChannels(int block) {
        return blockInputChannels(block) + blocks.get(block) * growthRate;
    }

    /** Channels that layer {@code layer} of block {@code block} reads, both counted from 0. */
    public int layerInputChannels(int block, int layer) {
        return blockInputChannels(block) + layer * growthRate;
    }

    /** Channels that the head reads. */
    public int outputChannels() {
        return blockOutputChannels(blocks.size() - 1);
    }

    /** The size of the feature maps of block {@code block} for images of size {@code image}. */
    public ImageShape blockShape(ImageShape image, int block) {
        ImageShape shape = image;
        for (int b = 0; b < block; b++) {
            shape = shape.halved();
        }
        return shape;
    }

    /**
     * Checks that every pooling has two rows and columns to pool.
     *
     * @throws ModelException naming the smallest size that fits
     */
    public void requireFits(ImageShape image) {
        int smallest = 1 << (blocks.size() - 1);
        if (image.height() < smallest || image.width() < smallest) {
            throw new ModelException("image size " + image + " is too small for " + blocks.size()
                    + " dense blocks, which halve it " + (blocks.size() - 1) + " times: use images of at least "
                    + smallest
                    + "x" + smallest + " or fewer blocks");
        }
    }

    private int compressed(int channels) {
        return Math.max(1, (int) (channels * compression));
    }

    private static void requireAtLeast(String what, int value, int least) {
        if (value < least) {
            throw new ModelException(what + " " + value + ": must be at least " + least);
        }
    }
}
