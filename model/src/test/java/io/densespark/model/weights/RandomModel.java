package io.densespark.model.weights;

import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.network.StemKind;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A model whose every tensor is random, as after a training: no norm is the identity, no class like another. */
public record RandomModel(ModelDescription description, Map<String, NamedTensor> state) {

    /** The networks that every format is tested with. */
    public enum Kind {
        BC_22_12,
        BC_100_12,
        BASIC_22_8,
        IMAGENET_STEM,
        WITH_DROPOUT;

        public RandomModel model() {
            return switch (this) {
                case BC_22_12 -> of(DenseNetSpec.bc(22, 12, 1, 10), 28);
                case BC_100_12 -> of(DenseNetSpec.bc(100, 12, 3, 10), 32);
                case BASIC_22_8 -> of(DenseNetSpec.basic(22, 8, 3, 7), 24);
                case IMAGENET_STEM ->
                    of(new DenseNetSpec(3, 5, 6, List.of(2, 3, 2, 1), StemKind.IMAGENET, 12, 0.5, 4, 0), 64);
                case WITH_DROPOUT -> of(new DenseNetSpec(2, 3, 5, List.of(1, 2), StemKind.SMALL, 9, 0.7, 2, 0.2), 12);
            };
        }

        private static RandomModel of(DenseNetSpec spec, int side) {
            return RandomModel.of(spec, new ImageShape(side, side), 5);
        }
    }

    public static RandomModel of(DenseNetSpec spec, ImageShape image, long seed) {
        Random random = new Random(seed);
        Map<String, NamedTensor> state = new LinkedHashMap<>();
        for (Parameter parameter : StateDictionary.all(ParameterLayout.of(spec))) {
            float[] values = new float[parameter.elements()];
            double scale = Math.sqrt(2.0 * parameter.shape().get(0) / values.length);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float)
                        switch (parameter.kind()) {
                            case CONVOLUTION, LINEAR_WEIGHT -> random.nextGaussian() * scale;
                            case NORM_SCALE, RUNNING_VARIANCE -> 0.5 + random.nextDouble();
                            case NORM_SHIFT, RUNNING_MEAN, LINEAR_BIAS -> 0.3 * random.nextGaussian();
                        };
            }
            state.put(parameter.name(), new NamedTensor(parameter.shape(), values));
        }
        List<String> classes = IntStream.range(0, spec.classes())
                .mapToObj(label -> "class \"" + label + "\"")
                .toList();
        return new RandomModel(
                new ModelDescription(
                        spec,
                        classes,
                        Collections.nCopies(spec.inputChannels(), 0.25),
                        Collections.nCopies(spec.inputChannels(), 0.125),
                        image),
                state);
    }

    /** Normalized images {@code [N, C, H, W]}. */
    public float[] images(int count) {
        Random random = new Random(count);
        int channels = description.specification().inputChannels();
        float[] values = new float[count * channels * description.image().pixels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /**
     * What a replica gives in evaluation mode.
     *
     * @param images {@code [N, C, H, W]}
     * @return {@code [N, classes]}
     */
    public float[] logits(float[] images, int count) {
        return logits(description, state, images, count);
    }

    /** As {@link #logits(float[], int)}, for any model. */
    public static float[] logits(
            ModelDescription description, Map<String, NamedTensor> state, float[] images, int count) {
        ReplicaSettings settings = new ReplicaSettings(
                description.specification(), description.image(), count, RecomputeLevel.BOTTLENECK, 1, Device.CPU);
        int channels = description.specification().inputChannels();
        int pixels = description.image().pixels();
        float[] channelsLast = new float[images.length];
        for (int i = 0; i < images.length; i++) {
            int image = i / (channels * pixels);
            int channel = i / pixels % channels;
            channelsLast[(image * pixels + i % pixels) * channels + channel] = images[i];
        }
        try (Replica replica = Replica.create(settings, LibTorch.open())) {
            StateDictionary.restore(state, replica, "the model");
            return replica.logits(channelsLast, count);
        }
    }

    /** Largest difference of two outputs, in units of the largest value. */
    public static double relativeDifference(float[] actual, float[] expected) {
        double difference = 0;
        double scale = 0;
        for (int i = 0; i < expected.length; i++) {
            difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
            scale = Math.max(scale, Math.abs(expected[i]));
        }
        return difference / scale;
    }

    /** The bits of each tensor, for comparison. */
    public static Map<String, List<Integer>> bits(Map<String, NamedTensor> tensors) {
        Map<String, List<Integer>> bits = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> bits.put(
                name,
                IntStream.range(0, tensor.values().length)
                        .map(i -> Float.floatToRawIntBits(tensor.values()[i]))
                        .boxed()
                        .toList()));
        return bits;
    }
}
