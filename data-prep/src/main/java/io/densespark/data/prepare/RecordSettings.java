package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.decode.PixelFormat;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How to prepare a source of records.
 *
 * <p>Making one throws {@link DataException} if a component is out of range.
 *
 * @param pixels what the prepared values are to be
 * @param imageSize height and width to bring all images to, 1 to {@value #MAX_IMAGE_SIZE}; without it all must have one size
 * @param rowsPerShard images in each shard but the last of a split; without it as many as are usual
 * @param testShare of the training images to draw for testing; without it {@value #DEFAULT_TEST_SHARE} where the source has no
 *     images for that
 * @param validationShare of the training images to draw for validation; none without it
 * @param seed of the order and of what is drawn
 * @param maxBad share of the records that may be left out in quarantine; empty if the first bad one is to end it all
 * @param overwrite whether a data set already at the output may be replaced; anything else there never is
 * @param keepEncoded whether the shards are to hold the images' own files, which training scales to {@code imageSize}; they are
 *     decoded all the same, to find the bad ones and for mean and deviation
 */
public record RecordSettings(
        PixelFormat pixels,
        OptionalInt imageSize,
        OptionalInt rowsPerShard,
        OptionalDouble testShare,
        OptionalDouble validationShare,
        long seed,
        OptionalDouble maxBad,
        boolean overwrite,
        boolean keepEncoded) {
    public static final double DEFAULT_TEST_SHARE = 0.1;
    public static final double DEFAULT_MAX_BAD = 0.01;
    public static final int MAX_IMAGE_SIZE = 8192;

    /** The usual number of rows makes shards of this size at most, so that some can be read at once. */
    private static final int USUAL_SHARD_BYTES = 256 << 20;

    /** About as much of photographs as they are published, of 100 KB each. */
    private static final int USUAL_ENCODED_ROWS = 2500;

    public RecordSettings {
        if (imageSize.isPresent() && (imageSize.getAsInt() < 1 || imageSize.getAsInt() > MAX_IMAGE_SIZE)) {
            throw new DataException("image size is " + imageSize.getAsInt() + ": give 1 to " + MAX_IMAGE_SIZE
                    + ", such as 224, or leave it out");
        }
        if (keepEncoded && imageSize.isEmpty()) {
            throw new DataException(
                    "the size that encoded images are trained in is missing: give the image size, such as " + "224");
        }
        rowsPerShard.ifPresent(rows -> new PrepareSettings(rows, overwrite));
        requireShare("test share", testShare);
        requireShare("validation share", validationShare);
        if (testShare.orElse(0) + validationShare.orElse(0) >= 1) {
            throw new DataException("test share " + testShare.orElse(0) + " and validation share "
                    + validationShare.orElse(0) + " leave nothing to train on: give less");
        }
        if (maxBad.isPresent() && !(maxBad.getAsDouble() >= 0 && maxBad.getAsDouble() <= 1)) {
            throw new DataException("the share of bad images allowed is " + maxBad.getAsDouble() + ": give 0 to 1");
        }
    }

    private static void requireShare(String name, OptionalDouble share) {
        if (share.isPresent() && !(share.getAsDouble() > 0 && share.getAsDouble() < 1)) {
            throw new DataException(name + " is " + share.getAsDouble() + ": give more than 0 and less than 1, such as "
                    + DEFAULT_TEST_SHARE);
        }
    }

    /** Images in a shard. */
    int rows() {
        if (rowsPerShard.isPresent() || imageSize.isEmpty()) {
            return rowsPerShard.orElse(PrepareSettings.DEFAULT_ROWS_PER_SHARD);
        }
        if (keepEncoded) {
            return USUAL_ENCODED_ROWS;
        }
        long imageBytes = (long) imageSize.getAsInt() * imageSize.getAsInt() * pixels.bytesPerPixel();
        return (int) Math.max(1, Math.min(PrepareSettings.DEFAULT_ROWS_PER_SHARD, USUAL_SHARD_BYTES / imageBytes));
    }
}
