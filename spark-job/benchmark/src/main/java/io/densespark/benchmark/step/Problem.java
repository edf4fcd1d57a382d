package io.densespark.benchmark.step;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.StemKind;
import java.nio.file.Path;
import java.util.Collections;

/**
 * A network and the one batch that it trains on, as files that every implementation reads.
 *
 * @param spec the network
 * @param image size of the images
 * @param batch images, N
 * @param weights path of the initial weights, safetensors by PyTorch's names
 * @param data path of the batch, written by {@link ProblemFiles}
 */
public record Problem(DenseNetSpec spec, ImageShape image, int batch, String weights, String data) {
    private static final int TOY_CLASSES = 2;
    private static final int TOY_GROWTH = 4;
    private static final int TOY_LAST_SIDE = 4;
    private static final int TOY_IMAGES = 2;

    /** An ImageNet stem halves an image twice. */
    private static final int IMAGENET_HALVINGS = 2;

    /** The problem that is measured; its files lie in {@code folder}. */
    public static Problem of(DenseNetSpec spec, ImageShape image, int batch, Path folder) {
        return named("problem", spec, image, batch, folder);
    }

    /** A network with the same parts as {@code spec}, as small as can be: one narrow layer a block, few small images. */
    public static Problem toy(DenseNetSpec spec, int threads, Path folder) {
        DenseNetSpec small = new DenseNetSpec(
                spec.inputChannels(),
                TOY_CLASSES,
                TOY_GROWTH,
                Collections.nCopies(spec.blocks().size(), 1),
                spec.stem(),
                2 * TOY_GROWTH,
                spec.compression(),
                spec.bottleneckSize(),
                spec.dropout());
        int halvings = spec.blocks().size() - 1 + (spec.stem() == StemKind.IMAGENET ? IMAGENET_HALVINGS : 0);
        int side = TOY_LAST_SIDE << halvings;
        return named("toy", small, new ImageShape(side, side), TOY_IMAGES * threads, folder);
    }

    private static Problem named(String name, DenseNetSpec spec, ImageShape image, int batch, Path folder) {
        return new Problem(
                spec,
                image,
                batch,
                folder.resolve(name + ".safetensors").toString(),
                folder.resolve(name + ".batch").toString());
    }

    /** Number of values of the pixels. */
    int values() {
        return Math.toIntExact((long) batch * image.pixels() * spec.inputChannels());
    }
}
