package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.StemKind;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.model.weights.HeInitializer;
import java.util.List;
import java.util.Random;

/** Small networks and seeded data for tests. */
public final class Nets {
    private Nets() {}

    /** The first image of a run's first step. */
    public static final BatchPosition AT_START = BatchPosition.START;

    public static DenseNetSpec spec(int channels, int classes, int growth, List<Integer> blocks) {
        return new DenseNetSpec(channels, classes, growth, blocks, StemKind.SMALL, 2 * growth, 0.5, 4, 0);
    }

    /** One small network of each kind: bottleneck, dropout, no bottleneck with dropout, ImageNet stem. */
    public static List<DenseNetSpec> ofEveryKind() {
        return List.of(
                spec(3, 5, 5, List.of(3, 2, 2)),
                spec(3, 5, 5, List.of(3, 2)).withDropout(0.4),
                new DenseNetSpec(3, 5, 5, List.of(3, 2), StemKind.SMALL, 7, 1, 0, 0.2),
                new DenseNetSpec(3, 5, 4, List.of(2, 2), StemKind.IMAGENET, 8, 0.5, 4, 0));
    }

    public static Replica replica(DenseNetSpec spec, ImageShape image, int batch, RecomputeLevel level, int workers) {
        ReplicaSettings settings = new ReplicaSettings(spec, image, batch, level, workers, Device.CPU);
        return Replica.create(settings, LibTorch.open());
    }

    /** He-initialized, with every γ drawn from {@code scales} by turns and every β from ±0.3. */
    public static void initialize(Replica replica, long seed, float... scales) {
        HeInitializer.initialize(replica, seed);
        Random random = new Random(seed);
        int turn = 0;
        for (Parameter p : replica.layout().parameters()) {
            float[] values = new float[p.elements()];
            for (int i = 0; i < values.length; i++) {
                values[i] = p.kind() == Parameter.Kind.NORM_SCALE
                        ? scales[turn++ % scales.length]
                        : (random.nextFloat() - 0.5f) * 0.6f;
            }
            if (p.kind() == Parameter.Kind.NORM_SCALE || p.kind() == Parameter.Kind.NORM_SHIFT) {
                replica.parameters().slice((int) p.offset(), p.elements()).set(values);
            }
        }
    }

    public static float[] pixels(DenseNetSpec spec, ImageShape image, int images, long seed) {
        Random random = new Random(seed);
        float[] pixels = new float[images * image.pixels() * spec.inputChannels()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return pixels;
    }

    public static int[] labels(DenseNetSpec spec, int images, long seed) {
        return new Random(seed).ints(images, 0, spec.classes()).toArray();
    }

    /** |a - b| / |b|, of vectors. */
    public static double error(float[] actual, float[] expected) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) actual[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / size);
    }

    /** Copies of all that a step changes: parameters, gradients, velocity, running statistics. */
    public static List<float[]> contents(Replica replica) {
        return List.of(
                replica.parameters().toFloats(),
                replica.gradients().toFloats(),
                replica.velocity().toFloats(),
                replica.runningStatistics().toFloats());
    }

    /** Compares {@link #contents} bit for bit. */
    public static void requireEqualBits(List<float[]> actual, List<float[]> expected) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).isEqualTo(expected.get(i));
        }
    }
}
