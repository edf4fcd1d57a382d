package io.densespark.model.libtorch;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.ParameterLayout;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The slow, obvious forward pass of a DenseNet: whole maps {@code [N, C, H, W]}, concatenation, convolution before pooling.
 * It shares no code with the replica but the names of the parameters. What it makes belongs to the caller's scope.
 */
final class NaiveForward {
    /** Drops nothing. */
    static final Masks NO_DROPOUT = (block, layer, elements) -> new float[0];

    private static final long[] ONE = {1, 1};
    private static final long[] ZERO = {0, 0};
    private static final long[] TWO = {2, 2};
    private static final long[] THREE = {3, 3};

    private final DenseNetSpec spec;
    private final Map<String, Tensor> tensors;
    private final boolean training;
    private final Masks masks;

    /** What dropout multiplies a layer's new features with, in the order {@code [N, H, W, C]}. */
    @FunctionalInterface
    interface Masks {
        float[] of(int block, int layer, int elements);
    }

    /** @param tensors parameters and running statistics by PyTorch's names; training moves the latter */
    NaiveForward(DenseNetSpec spec, Map<String, Tensor> tensors, boolean training, Masks masks) {
        this.spec = spec;
        this.tensors = tensors;
        this.training = training;
        this.masks = masks;
    }

    /** Pixels {@code [N, H, W, C]} as a tensor {@code [N, C, H, W]}. */
    static Tensor input(float[] pixels, int images, ImageShape image, int channels, torch.ScalarType precision) {
        long[] shape = {images, image.height(), image.width(), channels};
        return torch.from_blob(new FloatPointer(pixels), shape, new TensorOptions(torch.ScalarType.Float))
                .to(precision)
                .permute(0, 3, 1, 2)
                .contiguous();
    }

    /** The mean cross-entropy of as many images as there are rows in the logits. */
    static Tensor loss(Tensor logits, int[] labels) {
        int images = (int) logits.size(0);
        long[] wide = new long[images];
        for (int n = 0; n < images; n++) {
            wide[n] = labels[n];
        }
        Tensor target =
                torch.from_blob(new LongPointer(wide), new long[] {images}, new TensorOptions(torch.ScalarType.Long));
        return torch.nll_loss(torch.log_softmax(logits, 1, new ScalarTypeOptional()), target);
    }

    /** The outputs {@code [N, classes]}. */
    Tensor logits(Tensor images) {
        return classified(features(images));
    }

    /** The outputs of {@link #features}. */
    Tensor classified(Tensor features) {
        return torch.addmm(
                tensor("classifier.bias"), features, tensor("classifier.weight").t());
    }

    /** The last feature maps, averaged over their pixels, {@code [N, C]}. */
    Tensor features(Tensor images) {
        Tensor x = stem(images);
        for (int b = 0; b < spec.blocks().size(); b++) {
            for (int l = 0; l < spec.blocks().get(b); l++) {
                x = torch.cat(new TensorVector(x, dropped(layer(x, ParameterLayout.layerName(b, l)), b, l)), 1);
            }
            if (b + 1 < spec.blocks().size()) {
                String transition = ParameterLayout.transitionName(b);
                Tensor y = convolution(normRelu(x, transition + ".norm"), transition + ".conv", 1);
                x = torch.avg_pool2d(y, TWO, TWO, ZERO, false, true, new LongOptional());
            }
        }
        return normRelu(x, "features.norm5").mean(new long[] {2, 3}, false, new ScalarTypeOptional());
    }

    private Tensor tensor(String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    private Tensor stem(Tensor images) {
        Tensor x = convolution(images, "features.conv0", spec.stem().stride());
        if (!spec.stem().pools()) {
            return x;
        }
        return torch.max_pool2d(normRelu(x, "features.norm0"), THREE, TWO, ONE, ONE, false);
    }

    private Tensor layer(Tensor x, String name) {
        Tensor first = convolution(normRelu(x, name + ".norm1"), name + ".conv1", 1);
        return spec.hasBottleneck() ? convolution(normRelu(first, name + ".norm2"), name + ".conv2", 1) : first;
    }

    private Tensor dropped(Tensor added, int block, int layer) {
        if (!training || spec.dropout() == 0) {
            return added;
        }
        float[] multipliers = masks.of(block, layer, (int) added.numel());
        long[] shape = {added.size(0), added.size(2), added.size(3), added.size(1)};
        Tensor mask = torch.from_blob(new FloatPointer(multipliers), shape, new TensorOptions(torch.ScalarType.Float))
                .permute(0, 3, 1, 2);
        return added.mul(mask);
    }

    private Tensor convolution(Tensor x, String module, long stride) {
        Tensor weight = tensor(module + ".weight");
        long padding = weight.size(2) / 2;
        return torch.convolution(
                x,
                weight,
                new TensorOptional(),
                new long[] {stride, stride},
                new long[] {padding, padding},
                ONE,
                false,
                ZERO,
                1);
    }

    private Tensor normRelu(Tensor x, String module) {
        return torch.batch_norm(
                        x,
                        new TensorOptional(tensor(module + ".weight")),
                        new TensorOptional(tensor(module + ".bias")),
                        new TensorOptional(tensor(module + ".running_mean")),
                        new TensorOptional(tensor(module + ".running_var")),
                        training,
                        DenseNetSpec.NORM_MOMENTUM,
                        DenseNetSpec.NORM_EPSILON,
                        false)
                .relu();
    }
}
