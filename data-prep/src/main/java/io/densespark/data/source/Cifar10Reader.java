package io.densespark.data.source;

import io.densespark.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Reads CIFAR-10's files one after the other; the record's layout is told at {@link Cifar10Source}. */
final class Cifar10Reader implements ImageReader {
    private final List<SourceFile> files;
    private final int recordsPerFile;
    private final int classes;
    private final byte[] record = new byte[Cifar10Source.RECORD_BYTES];
    private InputStream in;
    private int file;
    private int recordInFile;

    Cifar10Reader(List<SourceFile> files, int recordsPerFile, int classes) {
        this.files = files;
        this.recordsPerFile = recordsPerFile;
        this.classes = classes;
        this.in = files.get(0).open();
    }

    @Override
    public int next(byte[] pixels) {
        if (recordInFile == recordsPerFile && !openNextFile()) {
            return -1;
        }
        readRecord();
        int label = record[0] & 0xff;
        if (label >= classes) {
            throw new DataException(files.get(file).name() + " has label " + label + " at record " + recordInFile
                    + ", not in 0 to " + (classes - 1) + ": it is damaged, download it again");
        }
        interleave(record, pixels);
        recordInFile++;
        return label;
    }

    private boolean openNextFile() {
        if (file + 1 == files.size()) {
            return false;
        }
        close();
        file++;
        recordInFile = 0;
        in = files.get(file).open();
        return true;
    }

    private void readRecord() {
        String name = files.get(file).name();
        try {
            if (in.readNBytes(record, 0, record.length) != record.length) {
                throw new DataException(
                        name + " ends within record " + recordInFile + ": it changed while it was read, start again");
            }
        } catch (IOException e) {
            throw DataException.cannotRead(name, e);
        }
    }

    /** From label and planes {@code [C, H, W]} to {@code [H, W, C]}. */
    private static void interleave(byte[] record, byte[] pixels) {
        int channels = Cifar10Source.SHAPE.channels();
        int plane = Cifar10Source.SHAPE.bytes() / channels;
        for (int c = 0; c < channels; c++) {
            for (int p = 0; p < plane; p++) {
                pixels[p * channels + c] = record[1 + c * plane + p];
            }
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw DataException.cannotRead(files.get(file).name(), e);
        }
    }
}
