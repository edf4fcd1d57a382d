package io.densespark.model.libtorch;

import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.StateDictionary;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * The textbook DenseNet: whole feature maps {@code [N, C, H, W]}, concatenation, gradients by libtorch's autograd. What
 * the replica is compared with in benchmarks. Owns its native memory; used by one thread, on the library's own threads
 * (see {@link LibTorch#setThreads}).
 */
public final class NaiveDenseNet implements AutoCloseable {
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
     * @throws ModelException if the network has dropout, which is a comparison's business to switch off, or a tensor is
     *     missing or has another shape or type
     */
    public static NaiveDenseNet create(DenseNetSpec spec, Map<String, NamedTensor> state, boolean inDouble) {
        if (spec.dropout() > 0) {
            throw new ModelException("the textbook DenseNet doesn't drop: compare without dropout");
        }
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
        NamedTensor values = StateDictionary.require(state, parameter, "the model");
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
            Tensor logits = new NaiveForward(spec, tensors, true, NaiveForward.NO_DROPOUT)
                    .logits(NaiveForward.input(pixels, images, image, spec.inputChannels(), precision));
            Tensor loss = NaiveForward.loss(logits, labels);
            loss.backward();
            velocities.forEach((name, velocity) -> {
                Tensor parameter = Objects.requireNonNull(tensors.get(name), name);
                Tensor p = parameter.detach();
                Tensor g = parameter.grad();
                g.add_(p, new Scalar(decay));
                velocity.mul_(new Scalar(momentum)).add_(g);
                p.add_(g.add_(velocity, new Scalar(momentum)), new Scalar(-rate));
                g.zero_();
            });
            return loss.detach().to(torch.ScalarType.Double).item_double();
        }
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
        velocities.values().forEach(Tensor::close);
    }
}
