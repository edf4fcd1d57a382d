package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * MNIST, and data sets published as it is: one channel, four IDX files.
 *
 * <p>The files are {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and
 * {@code t10k-labels-idx1-ubyte}; each may be gzipped ({@code .gz}), may have a dot before {@code idx} in place of the
 * hyphen, and may lie in a folder of its own name. Their bytes are told at {@link IdxSplit}. Fashion-MNIST and KMNIST
 * have the same names. EMNIST's begin with the name of one of its sets, as {@code emnist-balanced-train-images-idx3-ubyte}
 * and {@code emnist-balanced-test-images-idx3-ubyte}; several sets may lie in one folder.
 *
 * <p>The classes count from the train labels, which are their names, from 0, or from 1 where no label is 0, as in
 * {@code emnist-letters}. A file as {@code emnist-balanced-mapping.txt} names them by their characters instead.
 *
 * <p>EMNIST stores its images transposed. Here they are given upright, as MNIST's are, so that a model of the one can
 * read the other.
 */
public final class IdxSource implements ImageSource {
    private static final String EMNIST = "emnist-";

    private final String name;
    private final String location;
    private final IdxClasses classes;
    private final IdxSplit train;
    private final IdxSplit test;
    private final boolean isTransposed;

    private IdxSource(String name, String location, IdxClasses classes, IdxSplit train, IdxSplit test) {
        if (!train.shape().equals(test.shape())) {
            throw new DataException(location + " has train images of " + train.shape() + " and test images of "
                    + test.shape() + ": take the files of one data set");
        }
        this.name = name;
        this.location = location;
        this.classes = classes;
        this.train = train;
        this.test = test;
        this.isTransposed = name.startsWith(EMNIST);
    }

    /**
     * Opens the data set in {@code folder}, on any file system that Hadoop knows, and reads its headers and labels.
     *
     * @param set the data set to take where several lie in the folder: what its files' names begin with, such as
     *     {@code emnist-letters}, or {@value IdxFiles#MNIST} for those that begin with {@code train}
     * @throws SeveralSetsException if there are several, and {@code set} is empty
     * @throws DataException if the folder or a file is missing, a magic number is wrong, a file that is not gzipped has
     *     another length than its header says, images and labels differ in number, a test label is no train label, a
     *     label above 9 has others missing below it, or the file that names the classes is damaged
     */
    public static IdxSource open(Configuration conf, Path folder, Optional<String> set) {
        SourceFile.requireFolder(conf, folder, "MNIST's train-images-idx3-ubyte or train-images-idx3-ubyte.gz");
        IdxFiles files = IdxFiles.find(conf, folder, set);
        return open(
                files.set(),
                folder.toString(),
                files.mapping(),
                IdxSplit.open(files.trainImages(), files.trainLabels()),
                IdxSplit.open(files.testImages(), files.testLabels()));
    }

    static IdxSource open(String name, String location, Optional<SourceFile> mapping, IdxSplit train, IdxSplit test) {
        return new IdxSource(name, location, IdxClasses.of(mapping, train, test), train, test);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public List<String> classes() {
        return classes.names();
    }

    @Override
    public ImageShape shape() {
        ImageShape stored = train.shape();
        int height = isTransposed ? stored.width() : stored.height();
        int width = isTransposed ? stored.height() : stored.width();
        return new ImageShape(height, width, 1);
    }

    @Override
    public int count(String split) {
        return files(split).count();
    }

    @Override
    public ImageReader open(String split) {
        return files(split).reader(classes.first(), isTransposed);
    }

    private IdxSplit files(String split) {
        return switch (split) {
            case DatasetDescription.TRAIN -> train;
            case DatasetDescription.TEST -> test;
            default -> throw new DataException(location + " has no split '" + split + "': take train or test");
        };
    }
}
