package io.densespark.model.weights;

import io.densespark.model.ModelException;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.replica.Replica;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A starting point for training from a file that may have more or fewer tensors than the network, other names ({@link
 * ForeignNames} says which), or a classifier for other classes. For our own models {@link StateDictionary#restore} is the
 * strict way.
 */
public final class WeightsImport {
    private static final String CLASSIFIER_WEIGHT = "classifier.weight";
    private static final String CLASSIFIER_BIAS = "classifier.bias";
    private static final List<String> CLASSIFIER = List.of(CLASSIFIER_WEIGHT, CLASSIFIER_BIAS);

    private final Map<String, NamedTensor> loaded;
    private final ImportReport report;

    private WeightsImport(Map<String, NamedTensor> loaded, ImportReport report) {
        this.loaded = loaded;
        this.report = report;
    }

    /**
     * Finds out which tensors a network of {@code layout} takes over.
     *
     * @param tensors by the names in the file; not copied
     * @param source what to name in an error
     * @throws ModelException if a tensor other than the classifier's has another shape than the network needs or is
     *     not of floats, or no tensor before the classifier is one of the network's
     */
    public static WeightsImport match(Map<String, NamedTensor> tensors, ParameterLayout layout, String source) {
        Map<String, NamedTensor> found = new LinkedHashMap<>();
        List<String> unexpected = new ArrayList<>(tensors.keySet());
        ForeignNames.match(tensors.keySet(), layout).forEach((foreign, own) -> {
            found.put(own, tensors.get(foreign));
            unexpected.remove(foreign);
        });
        if (CLASSIFIER.containsAll(found.keySet())) {
            throw new ModelException(source + " has no tensor of this network, such as "
                    + layout.parameters().get(0).name()
                    + ": it belongs to another kind of network; give the weights of a "
                    + "DenseNet with PyTorch's names");
        }
        List<String> otherClassifier = new ArrayList<>();
        if (hasOtherClasses(found, layout)) {
            CLASSIFIER.stream().filter(name -> found.remove(name) != null).forEach(otherClassifier::add);
        }
        List<String> loaded = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Parameter parameter : StateDictionary.all(layout)) {
            if (found.containsKey(parameter.name())) {
                StateDictionary.requireFits(found.get(parameter.name()), parameter, source);
                loaded.add(parameter.name());
            } else if (!otherClassifier.contains(parameter.name())) {
                missing.add(parameter.name());
            }
        }
        return new WeightsImport(found, new ImportReport(source, loaded, missing, unexpected, otherClassifier));
    }

    public ImportReport report() {
        return report;
    }

    /** Overwrites what was found of a replica of the same layout, and leaves the rest as it is: initialize it before. */
    public void apply(Replica replica) {
        StateDictionary.overwrite(parameter -> loaded.get(parameter.name()), replica);
    }

    /** True if the classifier reads as many features as the network's but has another number of outputs. */
    private static boolean hasOtherClasses(Map<String, NamedTensor> found, ParameterLayout layout) {
        NamedTensor weight = found.get(CLASSIFIER_WEIGHT);
        NamedTensor bias = found.get(CLASSIFIER_BIAS);
        List<Integer> needed = layout.get(CLASSIFIER_WEIGHT).shape();
        if (weight == null) {
            return bias != null
                    && bias.shape().size() == 1
                    && !bias.shape().get(0).equals(needed.get(0));
        }
        List<Integer> shape = weight.shape();
        return shape.size() == 2
                && shape.get(1).equals(needed.get(1))
                && !shape.get(0).equals(needed.get(0));
    }
}
