package io.densespark.model.libtorch;

import io.densespark.model.spec.DenseNetSpec;
import io.densespark.model.spec.ImageShape;
import io.densespark.model.spec.Parameter;
import io.densespark.model.spec.ParameterLayout;
import io.densespark.model.weights.NamedTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The slow, obvious DenseNet: whole maps, concatenation, convolution before pooling, gradients by libtorch's autograd, in
 * float or double. It shares no code with the replica but the names of the parameters.
 */
public final class AutogradReference {
    private static final long[] ONE = {1, 1};
    private static final long[] ZERO = {0, 0};
    private static final long[] TWO = {2, 2};

    /** What one pass gave; every tensor as doubles by its name. */
    public record Result(
            double meanLoss,
            List<Double> logits,
            Map<String, double[]> gradients,
            Map<String, double[]> runningStatistics) {}

    private final DenseNetSpec spec;
    private final torch.ScalarType precision;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private boolean training;

    private AutogradReference(DenseNetSpec spec, torch.ScalarType precision) {
        this.spec = spec;
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
            AutogradReference net =
                    new AutogradReference(spec, inDouble ? torch.ScalarType.Double : torch.ScalarType.Float);
            net.training = training;
            ParameterLayout layout = ParameterLayout.of(spec);
            state.forEach((name, tensor) -> net.tensors.put(name, net.tensor(tensor)));
            if (training) {
                layout.parameters().forEach(p -> net.tensors.get(p.name()).requires_grad_(true));
            }
            int images = labels.length;
            Tensor x = torch.from_blob(
                            new FloatPointer(pixels),
                            new long[] {images, image.height(), image.width(), spec.inputChannels()},
                            new TensorOptions(torch.ScalarType.Float))
                    .to(net.precision)
                    .permute(0, 3, 1, 2)
                    .contiguous();
            Tensor logits = net.forward(x);
            long[] wide = new long[images];
            for (int n = 0; n < images; n++) {
                wide[n] = labels[n];
            }
            Tensor target = torch.from_blob(
                    new LongPointer(wide), new long[] {images}, new TensorOptions(torch.ScalarType.Long));
            Tensor loss = torch.nll_loss(torch.log_softmax(logits, 1, new ScalarTypeOptional()), target);
            Map<String, double[]> gradients = new LinkedHashMap<>();
            if (training) {
                loss.backward();
                for (Parameter p : layout.parameters()) {
                    gradients.put(p.name(), doubles(net.tensors.get(p.name()).grad()));
                }
            }
            Map<String, double[]> running = new LinkedHashMap<>();
            layout.runningStatistics().forEach(p -> running.put(p.name(), doubles(net.tensors.get(p.name()))));
            List<Double> outputs = new ArrayList<>();
            for (double v : doubles(logits.detach())) {
                outputs.add(v);
            }
            return new Result(loss.detach().to(torch.ScalarType.Double).item_double(), outputs, gradients, running);
        }
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
                        training,
                        DenseNetSpec.NORM_MOMENTUM,
                        DenseNetSpec.NORM_EPSILON,
                        false)
                .relu();
    }

    private Tensor tensor(NamedTensor tensor) {
        long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
        return torch.from_blob(new FloatPointer(tensor.values()), shape, new TensorOptions(torch.ScalarType.Float))
                .to(precision)
                .clone();
    }

    private static double[] doubles(Tensor tensor) {
        double[] values = new double[(int) tensor.numel()];
        Tensor flat = tensor.to(torch.ScalarType.Double).contiguous();
        new DoublePointer(flat.data_ptr_double()).get(values, 0, values.length);
        return values;
    }
}
