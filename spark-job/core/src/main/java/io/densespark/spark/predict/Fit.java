package io.densespark.spark.predict;

import io.densespark.data.ImageShape;
import io.densespark.data.decode.DecodedImage;
import io.densespark.data.decode.ImageResizer;
import io.densespark.data.decode.PixelFormat;

/**
 * Brings images to a model's size: scaled so that the shorter side fits, and the middle cut out. For a model whose images
 * aren't square, height and width are scaled each by its own ratio. For one thread.
 */
final class Fit {
    private final ImageShape target;
    private final ImageResizer resizer;

    Fit(ImageShape target) {
        this.target = target;
        resizer = target.height() == target.width()
                ? ImageResizer.toCentralSquare(target.height())
                : ImageResizer.toSize(target.height(), target.width());
    }

    /**
     * The image in the model's size, which may be its own array.
     *
     * @param image of the model's channels
     * @throws BadImageException if it is of another size and neither grey nor in colors
     */
    byte[] apply(Pixels image) throws BadImageException {
        if (image.shape().equals(target)) {
            return image.values();
        }
        PixelFormat format =
                switch (target.channels()) {
                    case 1 -> PixelFormat.GREY8;
                    case 3 -> PixelFormat.RGB8;
                    default ->
                        throw new BadImageException("of " + image.shape() + ", the model takes " + target
                                + " (height x width x channels), and only grey and RGB are scaled");
                };
        return resizer.resize(
                        new DecodedImage(image.shape().height(), image.shape().width(), format, image.values()))
                .pixels();
    }
}
