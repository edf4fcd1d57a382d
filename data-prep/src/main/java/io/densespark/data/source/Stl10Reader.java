package io.densespark.data.source;

import io.densespark.data.DataException;
import java.io.IOException;
import java.io.InputStream;

/** Reads STL-10's images and labels side by side; their layout is told at {@link Stl10Source}. */
final class Stl10Reader implements ImageReader {
    private static final int CLASSES = 10;

    private final SourceFile imageFile;
    private final SourceFile labelFile;
    private final InputStream images;
    private final InputStream labels;
    private final byte[] planes = new byte[Stl10Source.SHAPE.bytes()];
    private int image;

    Stl10Reader(SourceFile imageFile, SourceFile labelFile) {
        this.imageFile = imageFile;
        this.labelFile = labelFile;
        images = imageFile.open();
        labels = labelFile.open();
    }

    @Override
    public int next(byte[] pixels) {
        int label = readLabel();
        if (label < 0) {
            return -1;
        }
        if (label < 1 || label > CLASSES) {
            throw new DataException(labelFile.name() + " has label " + label + " for image " + image + ", not in 1 to "
                    + CLASSES + ": it is damaged, download it again");
        }
        readPlanes();
        interleave(pixels);
        image++;
        return label - 1;
    }

    private int readLabel() {
        try {
            return labels.read();
        } catch (IOException e) {
            throw DataException.cannotRead(labelFile.name(), e);
        }
    }

    private void readPlanes() {
        try {
            if (images.readNBytes(planes, 0, planes.length) != planes.length) {
                throw new DataException(imageFile.name() + " ends within image " + image
                        + ": it changed while it was read, start again");
            }
        } catch (IOException e) {
            throw DataException.cannotRead(imageFile.name(), e);
        }
    }

    /** From planes {@code [C, W, H]} to {@code [H, W, C]}. */
    private void interleave(byte[] pixels) {
        int side = Stl10Source.SHAPE.height();
        int channels = Stl10Source.SHAPE.channels();
        for (int c = 0; c < channels; c++) {
            for (int x = 0; x < side; x++) {
                for (int y = 0; y < side; y++) {
                    pixels[(y * side + x) * channels + c] = planes[(c * side + x) * side + y];
                }
            }
        }
    }

    @Override
    public void close() {
        try (InputStream first = images;
                InputStream second = labels) {
            // Both are closed, also where closing one fails.
        } catch (IOException e) {
            throw DataException.cannotRead(imageFile.name(), e);
        }
    }
}
