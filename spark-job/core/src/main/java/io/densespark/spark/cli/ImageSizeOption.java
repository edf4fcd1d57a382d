package io.densespark.spark.cli;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.StemKind;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option {@code --image-size}, for commands that make up their images. */
public final class ImageSizeOption {
    private static final int SMALL_SIZE = 32;
    private static final int IMAGENET_SIZE = 224;

    @Option(
            names = "--image-size",
            paramLabel = "PIXELS",
            description =
                    "side of the images (default " + SMALL_SIZE + ", for an ImageNet network " + IMAGENET_SIZE + ")")
    private Optional<Integer> side = Optional.empty();

    /** What was given, or else the size that the network was made for. */
    public int of(DenseNetSpec spec) {
        return side.orElse(spec.stem() == StemKind.IMAGENET ? IMAGENET_SIZE : SMALL_SIZE);
    }
}
