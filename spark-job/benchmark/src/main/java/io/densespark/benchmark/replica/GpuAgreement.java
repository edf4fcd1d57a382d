package io.densespark.benchmark.replica;

import io.densespark.model.backend.DeviceReplica;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Preset;
import io.densespark.model.network.StemKind;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.BatchPosition;
import io.densespark.model.replica.BatchResult;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.model.weights.HeInitializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Whether replicas on a GPU are those on the CPU: the loss and the gradients of a step, the outputs in evaluation mode, and the
 * same bits at every recompute level and whenever a run is repeated.
 */
final class GpuAgreement {
    private static final int IMAGES = 6;

    /** Of a short batch, which comes once an epoch, and no graph is recorded for. */
    private static final int FEWER_IMAGES = 5;

    private static final int STEPS = 4;
    private static final int SHORT_STEP = 1;
    private static final long SEED = 1;
    private static final double RATE = 0.01;
    private static final double MOMENTUM = 0.9;
    private static final double DECAY = 1e-4;

    private static final ImageShape SMALL_IMAGE = new ImageShape(16, 16);
    private static final ImageShape LARGE_IMAGE = new ImageShape(64, 64);

    private GpuAgreement() {}

    /** A network and the images that it is tried on. */
    record Tried(String name, DenseNetSpec spec, ImageShape image) {}

    /** One of each kind of layer, with odd numbers of channels. */
    static List<Tried> small() {
        return List.of(
                new Tried("BC-16-5", DenseNetSpec.bc(16, 5, 3, 7), SMALL_IMAGE),
                new Tried(
                        "basic layers, dropout",
                        new DenseNetSpec(3, 5, 5, List.of(3, 2), StemKind.SMALL, 7, 1, 0, 0.2),
                        SMALL_IMAGE),
                new Tried(
                        "ImageNet's stem",
                        new DenseNetSpec(3, 5, 4, List.of(2, 2), StemKind.IMAGENET, 8, 0.5, 4, 0),
                        new ImageShape(32, 32)));
    }

    /** These, and networks that people train. */
    static List<Tried> all() {
        List<Tried> all = new ArrayList<>(small());
        all.add(new Tried("BC-40-12", DenseNetSpec.bc(40, 12, 3, 10), new ImageShape(32, 32)));
        all.add(new Tried("DenseNet-121", Preset.DENSENET_121.spec(), LARGE_IMAGE));
        return all;
    }

    /** What differs between the CPU's replica and the GPU's. */
    static List<GpuFinding> of(Tried tried, Device gpu, Precision precision) {
        Run cpu = new Run(tried, Device.CPU, Precision.FP32, RecomputeLevel.ACTIVATIONS);
        Run first = new Run(tried, gpu, precision, RecomputeLevel.NONE);
        List<GpuFinding> findings = new ArrayList<>();
        findings.add(finding(tried, precision, "loss", Math.abs(first.loss / cpu.loss - 1), ofLoss(precision)));
        findings.add(finding(
                tried, precision, "gradients", distance(first.gradients, cpu.gradients), ofGradients(precision)));
        findings.add(finding(tried, precision, "outputs", distance(first.outputs, cpu.outputs), ofOutputs(precision)));
        for (RecomputeLevel level : RecomputeLevel.values()) {
            Run again = new Run(tried, gpu, precision, level);
            int different = different(again.gradients, first.gradients) + different(again.parameters, first.parameters);
            findings.add(finding(tried, precision, "other bits at " + level, different, 0));
        }
        return findings;
    }

    private static GpuFinding finding(Tried tried, Precision precision, String what, double found, double most) {
        return new GpuFinding(tried.name(), precision, what, found, most);
    }

    private static double ofLoss(Precision precision) {
        return switch (precision) {
            case FP32 -> 1e-4;
            case TF32 -> 1e-2;
            case BF16 -> 5e-2;
        };
    }

    /** Relative to the size of all: rounding turns the signs of some activations near zero, which deep networks amplify. */
    private static double ofGradients(Precision precision) {
        return switch (precision) {
            case FP32 -> 2e-2;
            case TF32 -> 0.2;
            case BF16 -> 0.6;
        };
    }

    private static double ofOutputs(Precision precision) {
        return switch (precision) {
            case FP32 -> 1e-3;
            case TF32 -> 2e-2;
            case BF16 -> 0.1;
        };
    }

    /** |a - b| / |b|. */
    private static double distance(float[] a, float[] b) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < b.length; i++) {
            difference += Math.pow((double) a[i] - b[i], 2);
            size += Math.pow(b[i], 2);
        }
        return Math.sqrt(difference / size);
    }

    private static int different(float[] a, float[] b) {
        int count = 0;
        for (int i = 0; i < b.length; i++) {
            if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
                count++;
            }
        }
        return count;
    }

    /** What a replica that was made for it gave: its first step, its outputs then, and its parameters some steps later. */
    private static final class Run {
        final double loss;
        final float[] gradients;
        final float[] outputs;
        final float[] parameters;

        Run(Tried tried, Device device, Precision precision, RecomputeLevel level) {
            ReplicaSettings settings =
                    new ReplicaSettings(tried.spec(), tried.image(), IMAGES, level, 1, device, precision);
            try (DeviceReplica opened = DeviceReplica.open(settings)) {
                Replica replica = opened.replica();
                HeInitializer.initialize(replica, SEED);
                loss = step(replica, IMAGES, 0).lossSum();
                gradients = replica.gradients().toFloats();
                outputs = replica.logits(pixels(settings), IMAGES);
                replica.nesterovStep(RATE, MOMENTUM, DECAY);
                for (int step = 1; step < STEPS; step++) {
                    step(replica, step == SHORT_STEP ? FEWER_IMAGES : IMAGES, step);
                    replica.nesterovStep(RATE, MOMENTUM, DECAY);
                }
                parameters = replica.parameters().toFloats();
            }
        }

        private static BatchResult step(Replica replica, int images, int step) {
            int[] labels = new Random(SEED)
                    .ints(images, 0, replica.settings().spec().classes())
                    .toArray();
            BatchPosition position = new BatchPosition(SEED, 0, step * IMAGES);
            return replica.forwardBackward(pixels(replica.settings()), labels, images, images, position);
        }

        private static float[] pixels(ReplicaSettings settings) {
            Random random = new Random(SEED);
            float[] pixels = new float
                    [IMAGES * settings.image().pixels() * settings.spec().inputChannels()];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) random.nextGaussian();
            }
            return pixels;
        }
    }
}
