package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import org.jspecify.annotations.Nullable;

/** Images of several sizes in a source that was opened without an image size to bring them all to. */
public final class ImageSizesDifferException extends DataException {
    private final String facts;

    ImageSizesDifferException(String facts) {
        super(facts + ": set an image size N to scale them all and cut their central N x N");
        this.facts = facts;
    }

    /** An image, and an earlier one that has another size. */
    public static ImageSizesDifferException of(
            String image, ImageShape shape, String earlier, @Nullable ImageShape earlierShape) {
        return new ImageSizesDifferException(image + " is " + shape + " and " + earlier + " is " + earlierShape
                + " (height x width x channels), where all must have one size");
    }

    /** The two images and their sizes, without what to do about it. */
    public String facts() {
        return facts;
    }
}
