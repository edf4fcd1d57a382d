package io.densespark.model.exchange;

import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.network.StemKind;
import io.densespark.model.weights.ForeignNames;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.StateDictionary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A whole model from elsewhere. Its specification follows from the shapes of its tensors; what tensors can't tell (classes,
 * normalization, image size) is in a description, if the file has one.
 *
 * @param specification the network
 * @param state all its tensors, by our names, in the layout's order
 * @param ignored names in the file of the tensors that the network hasn't, of whatever type
 * @param image size of the images, where the model fits one size only
 * @param description that DenseSpark wrote into the file, if it did
 */
public record ForeignModel(
        DenseNetSpec specification,
        Map<String, NamedTensor> state,
        List<String> ignored,
        Optional<ImageShape> image,
        Optional<ModelDescription> description) {
    /** By the ImageNet stem's convolution and pooling. */
    private static final int STEM_REDUCTION = 4;

    private static final String FIRST = "features.conv0.weight";

    /**
     * Finds out which DenseNet has these tensors.
     *
     * @param tensors by names that {@link ForeignNames} knows; others are ignored, whatever their type
     * @param dropout of the training, which no tensor tells
     * @param source what to name in an error
     * @throws ModelException if none has, naming the tensor that is missing or has another shape
     */
    public static ForeignModel of(Map<String, NamedTensor> tensors, double dropout, String source) {
        Map<String, NamedTensor> own = new LinkedHashMap<>();
        Map<String, String> foreign = new LinkedHashMap<>();
        String prefix = prefix(tensors, source);
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                String ours = ForeignNames.translate(name.substring(prefix.length()));
                own.putIfAbsent(ours, tensor);
                foreign.putIfAbsent(ours, name);
            }
        });
        DenseNetSpec specification = new Shapes(own, source).specification(dropout);
        Map<String, NamedTensor> state = new LinkedHashMap<>();
        Set<String> ignored = new LinkedHashSet<>(tensors.keySet());
        for (Parameter parameter : StateDictionary.all(ParameterLayout.of(specification))) {
            state.put(parameter.name(), StateDictionary.require(own, parameter, source));
            ignored.remove(foreign.get(parameter.name()));
        }
        return new ForeignModel(specification, state, List.copyOf(ignored), Optional.empty(), Optional.empty());
    }

    /** This model, for square images whose features behind the last block have {@code side} rows and columns. */
    public ForeignModel endingWith(int side) {
        int reduction = 1 << (specification.blocks().size() - 1);
        int pixels = side * reduction * (specification.stem().pools() ? STEM_REDUCTION : 1);
        return new ForeignModel(
                specification, state, ignored, Optional.of(new ImageShape(pixels, pixels)), description);
    }

    /**
     * This model with the description that was found beside its tensors.
     *
     * @throws ModelException if it describes another network
     */
    public ForeignModel describedBy(ModelDescription found, String source) {
        DenseNetSpec described = found.specification();
        if (!ParameterLayout.of(described)
                .shapes()
                .equals(ParameterLayout.of(specification).shapes())) {
            throw new ModelException(source + ": its description is of another network (" + described
                    + ") than its tensors (" + specification + "); export the model again");
        }
        return new ForeignModel(described, state, ignored, image, Optional.of(found));
    }

    private static String prefix(Map<String, NamedTensor> tensors, String source) {
        return tensors.keySet().stream()
                .filter(name -> name.equals(FIRST) || name.endsWith("." + FIRST))
                .findFirst()
                .map(name -> name.substring(0, name.length() - FIRST.length()))
                .orElseThrow(() -> new ModelException(source + " has no tensor " + FIRST
                        + ": it is no DenseNet with PyTorch's names; only those can be imported"));
    }

    /** The network's measures, read off its tensors. */
    private record Shapes(Map<String, NamedTensor> tensors, String source) {
        DenseNetSpec specification(double dropout) {
            List<Integer> blocks = new ArrayList<>();
            while (layers(blocks.size()) > 0) {
                blocks.add(layers(blocks.size()));
            }
            String first = ParameterLayout.layerName(0, 0);
            boolean hasBottleneck = tensors.containsKey(first + ".conv2.weight");
            int growthRate = side(first + (hasBottleneck ? ".conv2.weight" : ".conv1.weight"), 0);
            int bottleneck = hasBottleneck ? side(first + ".conv1.weight", 0) / growthRate : 0;
            StemKind stem = side(FIRST, 3) == StemKind.IMAGENET.kernel() ? StemKind.IMAGENET : StemKind.SMALL;
            return new DenseNetSpec(
                    side(FIRST, 1),
                    side("classifier.weight", 0),
                    growthRate,
                    blocks,
                    stem,
                    side(FIRST, 0),
                    compression(blocks.size() - 1),
                    bottleneck,
                    dropout);
        }

        private int layers(int block) {
            int layers = 0;
            while (tensors.containsKey(ParameterLayout.layerName(block, layers) + ".norm1.weight")) {
                layers++;
            }
            return layers;
        }

        /** A share that gives every transition its outputs; those are rounded down, so several shares may. */
        private double compression(int transitions) {
            List<Double> candidates = new ArrayList<>(List.of(0.5, 1.0));
            List<String> convolutions = new ArrayList<>();
            for (int t = 0; t < transitions; t++) {
                String convolution = ParameterLayout.transitionName(t) + ".conv.weight";
                convolutions.add(convolution);
                double share = (double) side(convolution, 0) / side(convolution, 1);
                candidates.add(share);
                candidates.add(Math.nextUp(share));
            }
            return candidates.stream()
                    .filter(share -> share <= 1
                            && convolutions.stream().allMatch(name -> (int) (side(name, 1) * share) == side(name, 0)))
                    .findFirst()
                    .orElseThrow(() -> new ModelException(source
                            + ": its transitions keep different shares of their channels; DenseSpark's keep the same"));
        }

        private int side(String name, int axis) {
            NamedTensor tensor = tensors.get(name);
            if (tensor == null
                    || tensor.shape().size() <= axis
                    || tensor.shape().get(axis) < 1) {
                throw new ModelException(source
                        + (tensor == null
                                ? " has no tensor " + name
                                : ": tensor " + name + " has shape " + tensor.shape())
                        + ": it is no whole DenseNet with PyTorch's names; only those can be imported");
            }
            return tensor.shape().get(axis);
        }
    }
}
