package io.densespark.model.network;

import io.densespark.model.ModelException;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * A DenseNet (Huang et al., "Densely Connected Convolutional Networks", arXiv 1608.06993): a stem, dense blocks of layers
 * (norm, ReLU, 1x1, norm, ReLU, 3x3; without bottleneck norm, ReLU, 3x3), transitions (norm, ReLU, 1x1, 2x2 average
 * pooling) between them, and a head (norm, ReLU, global average, linear).
 *
 * @param inputChannels channels of an image
 * @param classes outputs of the classifier
 * @param growthRate channels that each layer adds (k in the paper)
 * @param blocks layers of each dense block
 * @param stem what lies before the first block
 * @param stemChannels channels behind the stem; 2k in a BC network
 * @param compression share of the channels that a transition keeps (theta in the paper, section 3)
 * @param bottleneckSize channels of a bottleneck in units of the growth rate; 4 in the paper, 0 for none
 * @param dropout share of each layer's new features that training sets to zero
 */
public record DenseNetSpec(
        int inputChannels,
        int classes,
        int growthRate,
        List<Integer> blocks,
        StemKind stem,
        int stemChannels,
        double compression,
        int bottleneckSize,
        double dropout)
        implements Serializable {

    /** Added to a variance before its root is taken; PyTorch's default. */
    public static final double NORM_EPSILON = 1e-5;

    /** Weight of the newest batch in the running statistics; PyTorch's default. */
    public static final double NORM_MOMENTUM = 0.1;

    private static final int SMALL_BLOCKS = 3;
    private static final int BASIC_STEM_CHANNELS = 16;
    private static final int LAYERS_OUTSIDE_BLOCKS = 4;
    private static final int POOL_KERNEL = 3;
    private static final int POOL_STRIDE = 2;

    /** @throws ModelException naming the field that is out of range */
    public DenseNetSpec {
        blocks = List.copyOf(blocks);
        requireAtLeast("input channels", inputChannels, 1);
        requireAtLeast("classes", classes, 2);
        requireAtLeast("growth rate", growthRate, 1);
        requireAtLeast("dense blocks", blocks.size(), 1);
        blocks.forEach(layers -> requireAtLeast("layers of a dense block", layers, 1));
        requireAtLeast("stem channels", stemChannels, 1);
        requireAtLeast("bottleneck size", bottleneckSize, 0);
        Objects.requireNonNull(stem, "stem");
        if (!(dropout >= 0 && dropout < 1)) {
            throw new ModelException("dropout " + dropout + ": must be at least 0 and below 1");
        }
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
        int perBlock = (depth - LAYERS_OUTSIDE_BLOCKS) / (2 * SMALL_BLOCKS);
        if (perBlock < 1 || perBlock * 2 * SMALL_BLOCKS + LAYERS_OUTSIDE_BLOCKS != depth) {
            throw new ModelException(
                    "depth " + depth + ": a DenseNet-BC with three blocks has depth 6n + 4 (10, 16, 22, "
                            + "40, 100, 190, 250 are): use such a depth");
        }
        return new DenseNetSpec(
                inputChannels,
                classes,
                growthRate,
                Collections.nCopies(SMALL_BLOCKS, perBlock),
                StemKind.SMALL,
                2 * growthRate,
                0.5,
                4,
                0);
    }

    /**
     * The network that the paper calls plain DenseNet (L = depth, k = growthRate): three equal blocks without bottlenecks,
     * 16 stem channels, no compression.
     *
     * @throws ModelException if depth is not 3n + 4 with n of at least 1
     */
    public static DenseNetSpec basic(int depth, int growthRate, int inputChannels, int classes) {
        int perBlock = (depth - LAYERS_OUTSIDE_BLOCKS) / SMALL_BLOCKS;
        if (perBlock < 1 || perBlock * SMALL_BLOCKS + LAYERS_OUTSIDE_BLOCKS != depth) {
            throw new ModelException(
                    "depth " + depth + ": a DenseNet without bottlenecks, with three blocks, has depth "
                            + "3n + 4 (10, 22, 40, 100 are): use such a depth");
        }
        return new DenseNetSpec(
                inputChannels,
                classes,
                growthRate,
                Collections.nCopies(SMALL_BLOCKS, perBlock),
                StemKind.SMALL,
                BASIC_STEM_CHANNELS,
                1,
                0,
                0);
    }

    /** This network with another dropout. */
    public DenseNetSpec withDropout(double share) {
        return new DenseNetSpec(
                inputChannels, classes, growthRate, blocks, stem, stemChannels, compression, bottleneckSize, share);
    }

    /** This network for other images and classes. */
    public DenseNetSpec withData(int channels, int labels) {
        return new DenseNetSpec(
                channels, labels, growthRate, blocks, stem, stemChannels, compression, bottleneckSize, dropout);
    }

    /** True if layers have a 1x1 convolution before their 3x3 one. */
    public boolean hasBottleneck() {
        return bottleneckSize > 0;
    }

    /** Channels between the two convolutions of a layer; 0 without bottleneck. */
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

    /** The size of what the stem's convolution gives, for images of size {@code image}. */
    public ImageShape stemShape(ImageShape image) {
        return image.strided(stem.kernel(), stem.stride());
    }

    /** The size of the feature maps of block {@code block} for images of size {@code image}. */
    public ImageShape blockShape(ImageShape image, int block) {
        ImageShape shape = stemShape(image);
        if (stem.pools()) {
            shape = shape.strided(POOL_KERNEL, POOL_STRIDE);
        }
        for (int b = 0; b < block; b++) {
            shape = shape.halved();
        }
        return shape;
    }

    /**
     * Checks that every pooling between blocks has two rows and columns to pool.
     *
     * @throws ModelException naming the smallest size that fits
     */
    public void requireFits(ImageShape image) {
        int smallest = 1;
        while (!fits(smallest)) {
            smallest++;
        }
        if (image.height() < smallest || image.width() < smallest) {
            throw new ModelException("image size " + image + " is too small for " + blocks.size()
                    + " dense blocks behind a stem for " + stem + " images: use images of at least " + smallest + "x"
                    + smallest + ", fewer blocks, or the small stem");
        }
    }

    private boolean fits(int side) {
        return blockShape(new ImageShape(side, side), 0).height() >= 1 << (blocks.size() - 1);
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
