package io.densespark.data.source;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import us.hebi.matlab.mat.types.Matrix;

/** Reads SVHN's files one after the other. */
final class SvhnReader implements ImageReader {
    private final Iterator<SvhnFile> files;
    private Optional<SvhnFile> file = Optional.empty();
    private Optional<Matrix> images = Optional.empty();
    private int image;

    SvhnReader(List<SvhnFile> files) {
        this.files = files.iterator();
    }

    @Override
    public int next(byte[] pixels) {
        while (file.isEmpty() || image == file.get().labels().length) {
            close();
            if (!files.hasNext()) {
                return -1;
            }
            file = Optional.of(files.next());
            images = file.map(SvhnFile::images);
            image = 0;
        }
        copy(images.orElseThrow(), pixels);
        return file.get().labels()[image++];
    }

    /** From MATLAB's order, in which rows are next to each other, to {@code [H, W, C]}. */
    private void copy(Matrix from, byte[] pixels) {
        int height = SvhnSource.SHAPE.height();
        int width = SvhnSource.SHAPE.width();
        int channels = SvhnSource.SHAPE.channels();
        int at = image * pixels.length;
        for (int c = 0; c < channels; c++) {
            for (int x = 0; x < width; x++) {
                for (int y = 0; y < height; y++) {
                    pixels[(y * width + x) * channels + c] = from.getByte(at++);
                }
            }
        }
    }

    @Override
    public void close() {
        images = Optional.empty();
        file = Optional.empty();
    }
}
