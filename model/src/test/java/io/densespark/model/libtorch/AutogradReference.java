package io.densespark.model.libtorch;

import io.densespark.model.kernels.Dropout;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.NamedTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** One pass of {@link NaiveForward} with gradients by libtorch's autograd, in float or double. */
public final class AutogradReference {
    /** What one pass gave; every tensor as doubles by its name. */
    public record Result(
            double meanLoss,
            List<Double> logits,
            List<Double> features,
            Map<String, double[]> gradients,
            Map<String, double[]> runningStatistics) {}

    private final torch.ScalarType precision;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private AutogradReference(torch.ScalarType precision) {
        this.precision = precision;
    }

    /** One pass over {@code [N, H, W, C]} pixels; gradients are of the mean loss, and only there in training. */
    public static Result run(
            DenseNetSpec spec,
            Map<String, NamedTensor> state,
            float[] pixels,
            int[] labels,
            ImageShape image,
            boolean inDouble,
            boolean training) {
        LibTorch.load();
        try (PointerScope scope = new PointerScope()) {
            AutogradReference net = new AutogradReference(inDouble ? torch.ScalarType.Double : torch.ScalarType.Float);
            ParameterLayout layout = ParameterLayout.of(spec);
            state.forEach((name, tensor) -> net.tensors.put(name, net.tensor(tensor)));
            if (training) {
                layout.parameters().forEach(p -> net.tensors.get(p.name()).requires_grad_(true));
            }
            Tensor x = NaiveForward.input(pixels, labels.length, image, spec.inputChannels(), net.precision);
            NaiveForward forward = new NaiveForward(spec, net.tensors, training, masks(spec));
            Tensor features = forward.features(x);
            Tensor logits = forward.classified(features);
            Tensor loss = NaiveForward.loss(logits, labels);
            Map<String, double[]> gradients = new LinkedHashMap<>();
            if (training) {
                loss.backward();
                for (Parameter p : layout.parameters()) {
                    gradients.put(p.name(), doubles(net.tensors.get(p.name()).grad()));
                }
            }
            Map<String, double[]> running = new LinkedHashMap<>();
            layout.runningStatistics().forEach(p -> running.put(p.name(), doubles(net.tensors.get(p.name()))));
            return new Result(
                    loss.detach().to(torch.ScalarType.Double).item_double(),
                    list(logits),
                    list(features),
                    gradients,
                    running);
        }
    }

    /** The masks of a whole batch at the start of a run with seed 0. */
    private static NaiveForward.Masks masks(DenseNetSpec spec) {
        return (block, layer, elements) -> {
            Dropout dropout = new Dropout(spec.dropout(), Dropout.key(0, 0, block, layer), 0);
            float[] multipliers = new float[elements];
            for (int i = 0; i < elements; i++) {
                multipliers[i] = dropout.multiplier(i);
            }
            return multipliers;
        };
    }

    private Tensor tensor(NamedTensor tensor) {
        long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
        return torch.from_blob(new FloatPointer(tensor.values()), shape, new TensorOptions(torch.ScalarType.Float))
                .to(precision)
                .clone();
    }

    private static List<Double> list(Tensor tensor) {
        return Arrays.stream(doubles(tensor.detach())).boxed().toList();
    }

    private static double[] doubles(Tensor tensor) {
        double[] values = new double[(int) tensor.numel()];
        Tensor flat = tensor.to(torch.ScalarType.Double).contiguous();
        new DoublePointer(flat.data_ptr_double()).get(values, 0, values.length);
        return values;
    }
}
