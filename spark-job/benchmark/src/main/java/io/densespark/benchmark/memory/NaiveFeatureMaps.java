package io.densespark.benchmark.memory;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;

/**
 * What the textbook version of a DenseNet-BC for small images keeps of a batch's feature maps for its backward pass, by
 * the rules of PyTorch's autograd: a convolution and a batch norm save their input, ReLU saves its output, average
 * pooling its input, concatenation nothing; a tensor that two of them save counts once.
 *
 * <p>A layer with c inputs, m = N·H·W rows and growth rate k keeps {@code m·(2c + 2·4k)} values:
 *
 * <pre>
 * [m, c]    the concatenation that norm1 reads; for the first layer, what enters the block
 * [m, c]    ReLU's output, which conv1 reads
 * [m, 4k]   conv1's output, which norm2 reads
 * [m, 4k]   ReLU's output, which conv2 reads
 * </pre>
 *
 * Its k new features live on in the next concatenation only. Behind a block with C channels, a transition to T channels
 * keeps {@code m·(2C + T)}: the last concatenation, ReLU's output and the convolution's output, which the pooling reads;
 * the head keeps {@code m·2C + N·C}: concatenation, ReLU's output and the averages that the classifier reads. The stem
 * keeps the images. Since c grows with each layer, the sum is quadratic in the depth: m·k·L² for L layers of a block.
 * Statistics of columns, a few thousand values in all, are left out.
 */
final class NaiveFeatureMaps {
    private NaiveFeatureMaps() {}

    /** Bytes in float32. */
    static long bytes(DenseNetSpec bc, ImageShape image, int images) {
        long values = (long) images * image.pixels() * bc.inputChannels();
        int last = bc.blocks().size() - 1;
        for (int block = 0; block <= last; block++) {
            long rows = (long) images * bc.blockShape(image, block).pixels();
            for (int layer = 0; layer < bc.blocks().get(block); layer++) {
                values += rows * (2L * bc.layerInputChannels(block, layer) + 2L * bc.bottleneckChannels());
            }
            values += rows * 2 * bc.blockOutputChannels(block);
            values += block < last
                    ? rows * bc.blockInputChannels(block + 1)
                    : (long) images * bc.blockOutputChannels(block);
        }
        return values * Float.BYTES;
    }
}
