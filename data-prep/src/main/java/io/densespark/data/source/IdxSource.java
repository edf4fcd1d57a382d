package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * MNIST, and data sets published as it is: ten classes named {@code 0} to {@code 9}, one channel, four IDX files.
 *
 * <p>The files are {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and
 * {@code t10k-labels-idx1-ubyte}; each may be gzipped ({@code .gz}), and each may have a dot before {@code idx} in place
 * of the hyphen. Their bytes are told at {@link IdxSplit}.
 */
public final class IdxSource implements ImageSource {
    static final List<String> CLASSES = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    private final String name;
    private final String location;
    private final IdxSplit train;
    private final IdxSplit test;

    IdxSource(String name, String location, IdxSplit train, IdxSplit test) {
        if (!train.shape().equals(test.shape())) {
            throw new DataException(location + " has train images of " + train.shape() + " and test images of "
                    + test.shape() + ": take the files of one data set");
        }
        this.name = name;
        this.location = location;
        this.train = train;
        this.test = test;
    }

    /**
     * Opens the data set in {@code folder}, on any file system that Hadoop knows, and reads its headers and labels.
     *
     * @throws DataException if the folder or a file is missing, a magic number is wrong, a file that is not gzipped has
     *     another length than its header says, images and labels differ in number, or a label is above 9
     */
    public static IdxSource open(Configuration conf, Path folder) {
        SourceFile.requireFolder(conf, folder, "MNIST's train-images-idx3-ubyte or train-images-idx3-ubyte.gz");
        return new IdxSource("mnist", folder.toString(), split(conf, folder, "train"), split(conf, folder, "t10k"));
    }

    private static IdxSplit split(Configuration conf, Path folder, String prefix) {
        return IdxSplit.open(
                find(conf, folder, prefix + "-images", "idx3"), find(conf, folder, prefix + "-labels", "idx1"));
    }

    private static SourceFile find(Configuration conf, Path folder, String stem, String kind) {
        for (String separator : List.of("-", ".")) {
            for (String suffix : List.of("", ".gz")) {
                Optional<SourceFile> file =
                        SourceFile.find(conf, new Path(folder, stem + separator + kind + "-ubyte" + suffix));
                if (file.isPresent()) {
                    return file.get();
                }
            }
        }
        throw new DataException(
                new Path(folder, stem + "-" + kind + "-ubyte")
                        + " is missing, also with .gz: MNIST has four files, two for train and two for t10k; download them again");
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
        return CLASSES;
    }

    @Override
    public ImageShape shape() {
        return train.shape();
    }

    @Override
    public int count(String split) {
        return files(split).count();
    }

    @Override
    public ImageReader open(String split) {
        return files(split).reader();
    }

    private IdxSplit files(String split) {
        return switch (split) {
            case DatasetDescription.TRAIN -> train;
            case DatasetDescription.TEST -> test;
            default -> throw new DataException(location + " has no split '" + split + "': take train or test");
        };
    }
}
