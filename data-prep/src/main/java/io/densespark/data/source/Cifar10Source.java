package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * CIFAR-10 in its binary layout: the folder {@code cifar-10-batches-bin} of
 * {@code https://www.cs.toronto.edu/~kriz/cifar.html}.
 *
 * <p>{@code data_batch_1.bin} to {@code data_batch_5.bin} are the train split, {@code test_batch.bin} is the test
 * split; all six hold the same number of records (10,000 as published). A record is 3,073 bytes: the label (0 to 9),
 * 1,024 bytes of red, 1,024 of green and 1,024 of blue, each row by row for 32 by 32 pixels. There is no header.
 * {@code batches.meta.txt}, if there, has the ten class names, one a line.
 */
public final class Cifar10Source implements ImageSource {
    static final ImageShape SHAPE = new ImageShape(32, 32, 3);
    static final int RECORD_BYTES = 1 + SHAPE.bytes();

    private static final List<String> TRAIN_FILES =
            List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin");
    private static final String TEST_FILE = "test_batch.bin";
    private static final String META_FILE = "batches.meta.txt";
    private static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    private final Path folder;
    private final List<String> classes;
    private final List<SourceFile> train;
    private final SourceFile test;
    private final int recordsPerFile;

    private Cifar10Source(Path folder, List<String> classes, List<SourceFile> train, SourceFile test, int records) {
        this.folder = folder;
        this.classes = classes;
        this.train = train;
        this.test = test;
        this.recordsPerFile = records;
    }

    /**
     * Opens the data set in {@code folder}, on any file system that Hadoop knows.
     *
     * @throws DataException if the folder or a file is missing, or a file's length is not that of whole records or
     *     differs from the other files'
     */
    public static Cifar10Source open(Configuration conf, Path folder) {
        SourceFile.requireFolder(conf, folder, "CIFAR-10's data_batch_1.bin (its binary version)");
        List<SourceFile> train = new ArrayList<>();
        for (String file : TRAIN_FILES) {
            train.add(require(conf, new Path(folder, file)));
        }
        SourceFile test = require(conf, new Path(folder, TEST_FILE));
        int records = records(train.get(0));
        for (SourceFile file : train) {
            requireRecords(file, records, train.get(0));
        }
        requireRecords(test, records, train.get(0));
        return new Cifar10Source(folder, classes(conf, new Path(folder, META_FILE)), List.copyOf(train), test, records);
    }

    @Override
    public String name() {
        return "cifar10";
    }

    @Override
    public String location() {
        return folder.toString();
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public ImageShape shape() {
        return SHAPE;
    }

    @Override
    public int count(String split) {
        return files(split).size() * recordsPerFile;
    }

    @Override
    public ImageReader open(String split) {
        return new CifarReader(files(split), recordsPerFile, classes.size(), 1, 0);
    }

    private List<SourceFile> files(String split) {
        return switch (split) {
            case DatasetDescription.TRAIN -> train;
            case DatasetDescription.TEST -> List.of(test);
            default -> throw new DataException("CIFAR-10 has no split '" + split + "': take train or test");
        };
    }

    private static SourceFile require(Configuration conf, Path path) {
        return SourceFile.find(conf, path)
                .orElseThrow(() -> new DataException(path + " is missing: CIFAR-10's binary version has "
                        + String.join(", ", TRAIN_FILES) + " and " + TEST_FILE + ", unpack it again"));
    }

    private static int records(SourceFile file) {
        long length = file.length().orElseThrow();
        if (length == 0 || length % RECORD_BYTES != 0 || length / RECORD_BYTES > Integer.MAX_VALUE / 5) {
            throw new DataException(
                    file.name() + " has " + length + " bytes, which is not a number of whole records of " + RECORD_BYTES
                            + " bytes: it is truncated or not CIFAR-10's binary version, download it again");
        }
        return (int) (length / RECORD_BYTES);
    }

    // A file cut between two records shows only here: all six are published with the same number.
    private static void requireRecords(SourceFile file, int expected, SourceFile other) {
        int records = records(file);
        if (records != expected) {
            throw new DataException(file.name() + " has " + records + " records and " + other.name() + " has "
                    + expected + ": CIFAR-10's files all have the same number, download them again");
        }
    }

    private static List<String> classes(Configuration conf, Path meta) {
        Optional<SourceFile> file = SourceFile.find(conf, meta);
        if (file.isEmpty()) {
            return CLASSES;
        }
        List<String> names = file.get().lines();
        if (names.size() != CLASSES.size() || names.stream().distinct().count() != names.size()) {
            throw new DataException(meta + " has the class names " + names + " where " + CLASSES.size()
                    + " different ones belong: download it again, or delete it to take the usual names");
        }
        return names;
    }
}
