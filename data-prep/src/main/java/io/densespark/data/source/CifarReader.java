package io.densespark.data.source;

import io.densespark.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Reads CIFAR's files one after the other: records of labels, one byte each, and pixels. */
final class CifarReader implements ImageReader {
    private final List<SourceFile> files;
    private final int recordsPerFile;
    private final int classes;
    private final int labelBytes;
    private final int labelAt;
    private final byte[] record;
    private InputStream in;
    private int file;
    private int recordInFile;

    /**
     * @param labelBytes labels of a record, which come first
     * @param labelAt the one to take, from 0
     */
    CifarReader(List<SourceFile> files, int recordsPerFile, int classes, int labelBytes, int labelAt) {
        this.files = files;
        this.recordsPerFile = recordsPerFile;
        this.classes = classes;
        this.labelBytes = labelBytes;
        this.labelAt = labelAt;
        record = new byte[labelBytes + Cifar10Source.SHAPE.bytes()];
        this.in = files.get(0).open();
    }

    @Override
    public int next(byte[] pixels) {
        if (recordInFile == recordsPerFile && !openNextFile()) {
            return -1;
        }
        readRecord();
        int label = record[labelAt] & 0xff;
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

    /** From planes {@code [C, H, W]} behind the labels to {@code [H, W, C]}. */
    private void interleave(byte[] record, byte[] pixels) {
        int channels = Cifar10Source.SHAPE.channels();
        int plane = Cifar10Source.SHAPE.bytes() / channels;
        for (int c = 0; c < channels; c++) {
            for (int p = 0; p < plane; p++) {
                pixels[p * channels + c] = record[labelBytes + c * plane + p];
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
