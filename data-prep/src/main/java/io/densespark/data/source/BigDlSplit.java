package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.data.files.FileSystems;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The files of one split, and what a pass over all their records found.
 *
 * @param files in the order of their names
 * @param count records in all files, at least 1
 * @param first the first record
 * @param largestLabel the first record with the largest label
 */
record BigDlSplit(List<FileStatus> files, int count, Found first, Found largestLabel) {
    private static final String SUFFIX = ".seq";

    /**
     * A record that a message may have to name.
     *
     * @param where its file and number, as messages name it
     * @param label as stored, from 1
     * @param shape its image's size
     */
    record Found(String where, int label, ImageShape shape) {}

    /**
     * Reads every record of the {@code .seq} files in {@code folder}.
     *
     * @param oneSize whether images of different sizes are refused
     * @throws DataException if there are no files, no records, or what {@link BigDlRecords#next} refuses
     */
    static BigDlSplit scan(Configuration conf, Path folder, boolean oneSize) {
        List<FileStatus> files = files(conf, folder);
        int count = 0;
        Found first = null;
        Found largestLabel = null;
        for (FileStatus file : files) {
            try (BigDlRecords records = new BigDlRecords(conf, file)) {
                while (records.next()) {
                    Found found = new Found(records.where(), records.label(), records.shape());
                    first = first == null ? found : first;
                    largestLabel = largestLabel == null || found.label() > largestLabel.label() ? found : largestLabel;
                    if (oneSize) {
                        requireSameShape(found, first);
                    }
                    count++;
                }
            }
        }
        if (first == null || largestLabel == null) {
            throw new DataException(folder + " has " + SUFFIX + " files without records: write them again");
        }
        return new BigDlSplit(files, count, first, largestLabel);
    }

    static void requireSameShape(Found image, Found first) {
        if (!image.shape().equals(first.shape())) {
            throw new ImageSizesDifferException(image.where() + " has an image of " + image.shape() + " and "
                    + first.where() + " one of " + first.shape()
                    + " (height x width x channels), where all must have one size");
        }
    }

    private static List<FileStatus> files(Configuration conf, Path folder) {
        try {
            List<FileStatus> files = Arrays.stream(FileSystems.of(conf, folder).listStatus(folder))
                    .filter(file -> file.isFile() && isData(file.getPath().getName()))
                    .sorted(Comparator.comparing(file -> file.getPath().getName()))
                    .toList();
            if (files.isEmpty()) {
                throw new DataException(
                        folder + " has no " + SUFFIX + " file: give the folder above BigDL's folders train and val");
            }
            return files;
        } catch (IOException e) {
            throw DataException.cannotRead(conf, folder, e);
        }
    }

    // Names that begin with a dot or an underscore are hidden files on Hadoop's file systems.
    private static boolean isData(String name) {
        return name.endsWith(SUFFIX) && !name.startsWith(".") && !name.startsWith("_");
    }
}
