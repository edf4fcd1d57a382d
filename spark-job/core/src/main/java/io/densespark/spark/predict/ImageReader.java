package io.densespark.spark.predict;

import io.densespark.data.ImageShape;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;

/**
 * Reads the images of rows for a model: in its channels, scaled so that the shorter side is the model's, and the middle cut
 * out, as {@code prepare --image-size} does; if the model's images aren't square, height and width are scaled each by its
 * own ratio. For one thread.
 */
public final class ImageReader {
    private final ImageColumn column;
    private final ImageShape target;
    private final ImageFiles files;
    private final Fit fit;

    /**
     * Reads a column.
     *
     * @param target what the model takes
     * @param hadoop for images in files of their own
     */
    public ImageReader(ImageColumn column, ImageShape target, Configuration hadoop) {
        this.column = column;
        this.target = target;
        fit = new Fit(target);
        files = new ImageFiles(new OpenCvDecoder(target.channels()), hadoop);
    }

    /**
     * A row's image, {@code [H, W, C]} of the model's shape.
     *
     * @throws BadImageException if it is null, or can't be decoded
     * @throws io.densespark.data.DataException if its file may not be read, or the file system can't be reached
     */
    public byte[] read(Row row) throws BadImageException {
        return fit.apply(inChannels(row));
    }

    /**
     * The same of an image that must have the model's size already.
     *
     * @throws BadImageException if it has another one, too
     */
    public byte[] readUnscaled(Row row) throws BadImageException {
        Pixels image = inChannels(row);
        if (!image.shape().equals(target)) {
            throw new BadImageException(
                    "of " + image.shape().height() + "x" + image.shape().width() + " pixels (height x width), not of "
                            + target.height() + "x" + target.width() + " as others");
        }
        return image.values();
    }

    /** The shape of a row's image, before it is scaled; errors as {@link #read}. */
    public ImageShape shapeOf(Row row) throws BadImageException {
        return column.read(row, files).shape();
    }

    private Pixels inChannels(Row row) throws BadImageException {
        Pixels own = column.read(row, files);
        if (!Pixels.isConvertible(own.shape().channels(), target.channels())) {
            throw new BadImageException(
                    "of " + own.shape().channels() + " channels, the model takes " + target.channels());
        }
        return own.withChannels(target.channels());
    }
}
