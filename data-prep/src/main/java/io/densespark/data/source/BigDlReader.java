package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.data.decode.ImageResizer;
import io.densespark.data.decode.PixelFormat;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Reads the images of a split file after file, from BGR to RGB and from labels counted from 1 to labels from 0. */
final class BigDlReader implements ImageReader {
    private final Configuration conf;
    private final BigDlSplit split;
    private final ImageShape shape;
    private final int classes;
    private final Optional<ImageResizer> resizer;
    private byte[] unscaled = new byte[0];
    private BigDlRecords records;
    private int file;

    /**
     * Opens the split's first file.
     *
     * @param shape of every image that this reader gives
     * @param classes the largest label allowed, as stored
     * @param resizer brings images to {@code shape}; without one they have it
     */
    BigDlReader(Configuration conf, BigDlSplit split, ImageShape shape, int classes, Optional<ImageResizer> resizer) {
        this.conf = conf;
        this.split = split;
        this.shape = shape;
        this.classes = classes;
        this.resizer = resizer;
        this.records = new BigDlRecords(conf, split.files().get(0));
    }

    @Override
    public int next(byte[] pixels) {
        while (!records.next()) {
            if (file + 1 == split.files().size()) {
                return -1;
            }
            close();
            file++;
            records = new BigDlRecords(conf, split.files().get(file));
        }
        requireUnchanged(records.label() <= classes
                && (resizer.isPresent() || records.shape().equals(shape)));
        if (resizer.isPresent()) {
            resize(resizer.get(), pixels);
        } else {
            records.copyPixels(pixels);
        }
        return records.label() - 1;
    }

    private void resize(ImageResizer resizer, byte[] pixels) {
        ImageShape stored = records.shape();
        if (unscaled.length < stored.bytes()) {
            unscaled = new byte[stored.bytes()];
        }
        records.copyPixels(unscaled);
        resizer.resize(unscaled, stored.height(), stored.width(), PixelFormat.RGB8, pixels);
    }

    private void requireUnchanged(boolean asScanned) {
        if (!asScanned) {
            throw new DataException(records.where() + " is not what it was when the source was opened: "
                    + "the file changed while it was read, start again");
        }
    }

    @Override
    public void close() {
        records.close();
    }
}
