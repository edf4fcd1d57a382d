package io.densespark.model.libtorch;

import io.densespark.model.spec.DenseNetSpec;
import io.densespark.model.spec.ImageShape;
import io.densespark.model.spec.Parameter;
import io.densespark.model.spec.ParameterLayout;
import io.densespark.model.weights.NamedTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The textbook DenseNet: whole feature maps {@code [N, C, H, W]}, concatenation, gradients by libtorch's autograd. What
 * the replica is compared with in benchmarks. Owns its native memory; used by one thread, on the library's own threads
 * (see {@link LibTorch#setThreads}).
 */
public final class NaiveDenseNet implements AutoCloseable {
    private static final long[] ONE = {1, 1};
    private static final long[] ZERO = {0, 0};
    private static final long[] TWO = {2, 2};

    private final DenseNetSpec spec;
    private final torch.ScalarType precision;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, Tensor> velocities = new LinkedHashMap<>();

    private NaiveDenseNet(DenseNetSpec spec, torch.ScalarType precision) {
        this.spec = spec;
        this.precision = precision;
    }

    /**
     * Copies parameters and running statistics out of {@code state}; the velocity is zero. The caller closes the result.
     *
     * @param state tensors by PyTorch's names, with all of the network's
     * @param inDouble whether to compute in float64 instead of float32
     */
    public static NaiveDenseNet create(DenseNetSpec spec, Map<String, NamedTensor> state, boolean inDouble) {
        LibTorch.load();
        NaiveDenseNet net = new NaiveDenseNet(spec, inDouble ? torch.ScalarType.Double : torch.ScalarType.Float);
        try (PointerScope scope = new PointerScope()) {
            ParameterLayout layout = ParameterLayout.of(spec);
            for (Parameter parameter : layout.parameters()) {
                Tensor tensor = net.keep(net.tensors, parameter, state);
                tensor.requires_grad_(true);
                Tensor velocity = torch.zeros_like(tensor);
                velocity.retainReference();
                net.velocities.put(parameter.name(), velocity);
            }
            layout.runningStatistics().forEach(statistic -> net.keep(net.tensors, statistic, state));
            return net;
        } catch (RuntimeException | Error e) {
            net.close();
            throw e;
        }
    }

    private Tensor keep(Map<String, Tensor> target, Parameter parameter, Map<String, NamedTensor> state) {
        NamedTensor values = state.get(parameter.name());
        long[] shape = values.shape().stream().mapToLong(Integer::longValue).toArray();
        Tensor tensor = torch.from_blob(
                        new FloatPointer(values.values()), shape, new TensorOptions(torch.ScalarType.Float))
                .to(precision)
                .clone();
        tensor.retainReference();
        target.put(parameter.name(), tensor);
        return tensor;
    }

    /**
     * One training step: forward, mean cross-entropy, backward, SGD with Nesterov momentum in PyTorch's form, running
     * statistics.
     *
     * @param pixels {@code [N, H, W, C]}
     * @param labels {@code [N]}
     * @return the mean loss before the step
     */
    public double step(
            float[] pixels, int[] labels, int images, ImageShape image, double rate, double momentum, double decay) {
        try (PointerScope scope = new PointerScope()) {
            Tensor loss = loss(forward(input(pixels, images, image)), labels, images);
            loss.backward();
            velocities.forEach((name, velocity) -> {
                Tensor p = tensors.get(name).detach();
                Tensor g = tensors.get(name).grad();
                g.add_(p, new Scalar(decay));
                velocity.mul_(new Scalar(momentum)).add_(g);
                p.add_(g.add_(velocity, new Scalar(momentum)), new Scalar(-rate));
                g.zero_();
            });
            return loss.detach().to(torch.ScalarType.Double).item_double();
        }
    }

    private Tensor input(float[] pixels, int images, ImageShape image) {
        long[] shape = {images, image.height(), image.width(), spec.inputChannels()};
        return torch.from_blob(new FloatPointer(pixels), shape, new TensorOptions(torch.ScalarType.Float))
                .to(precision)
                .permute(0, 3, 1, 2)
                .contiguous();
    }

    private static Tensor loss(Tensor logits, int[] labels, int images) {
        long[] wide = new long[images];
        for (int n = 0; n < images; n++) {
            wide[n] = labels[n];
        }
        Tensor target =
                torch.from_blob(new LongPointer(wide), new long[] {images}, new TensorOptions(torch.ScalarType.Long));
        return torch.nll_loss(torch.log_softmax(logits, 1, new ScalarTypeOptional()), target);
    }

    private Tensor forward(Tensor images) {
        Tensor x = convolution(images, "features.conv0", 1);
        for (int b = 0; b < spec.blocks().size(); b++) {
            for (int l = 0; l < spec.blocks().get(b); l++) {
                String layer = ParameterLayout.layerName(b, l);
                Tensor middle = convolution(normRelu(x, layer + ".norm1"), layer + ".conv1", 0);
                Tensor added = convolution(normRelu(middle, layer + ".norm2"), layer + ".conv2", 1);
                x = torch.cat(new TensorVector(x, added), 1);
            }
            if (b + 1 < spec.blocks().size()) {
                String transition = ParameterLayout.transitionName(b);
                Tensor y = convolution(normRelu(x, transition + ".norm"), transition + ".conv", 0);
                x = torch.avg_pool2d(y, TWO, TWO, ZERO, false, true, new LongOptional());
            }
        }
        Tensor averaged = normRelu(x, "features.norm5").mean(new long[] {2, 3}, false, new ScalarTypeOptional());
        return torch.addmm(
                tensors.get("classifier.bias"),
                averaged,
                tensors.get("classifier.weight").t());
    }

    private Tensor convolution(Tensor x, String module, long padding) {
        long[] pad = {padding, padding};
        return torch.convolution(
                x, tensors.get(module + ".weight"), new TensorOptional(), ONE, pad, ONE, false, ZERO, 1);
    }

    private Tensor normRelu(Tensor x, String module) {
        return torch.batch_norm(
                        x,
                        new TensorOptional(tensors.get(module + ".weight")),
                        new TensorOptional(tensors.get(module + ".bias")),
                        new TensorOptional(tensors.get(module + ".running_mean")),
                        new TensorOptional(tensors.get(module + ".running_var")),
                        true,
                        DenseNetSpec.NORM_MOMENTUM,
                        DenseNetSpec.NORM_EPSILON,
                        false)
                .relu();
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
        velocities.values().forEach(Tensor::close);
    }
}
