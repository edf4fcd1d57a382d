package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * STL-10 in its binary layout: the folder {@code stl10_binary} of {@code https://cs.stanford.edu/~acoates/stl10/}.
 *
 * <p>{@code train_X.bin} and {@code test_X.bin} have the images, 27,648 bytes each: 96 by 96 bytes of red, of green and of blue,
 * column by column. {@code train_y.bin} and {@code test_y.bin} have a byte for each image, its label from 1 to 10. {@code
 * class_names.txt} names the classes, one a line. Images without labels ({@code unlabeled_X.bin}) are passed over.
 */
public final class Stl10Source implements ImageSource {
    static final ImageShape SHAPE = new ImageShape(96, 96, 3);
    private static final int CLASSES = 10;

    private final Path folder;
    private final List<String> classes;
    private final Files train;
    private final Files test;

    /** Images and labels of a split. */
    private record Files(SourceFile images, SourceFile labels) {
        int count() {
            return images.records(SHAPE.bytes());
        }
    }

    private Stl10Source(Path folder, List<String> classes, Files train, Files test) {
        this.folder = folder;
        this.classes = classes;
        this.train = train;
        this.test = test;
    }

    /**
     * Opens the data set in {@code folder}, on any file system that Hadoop knows.
     *
     * @throws DataException if the folder or a file is missing, or the lengths are not those of the same number of images
     */
    public static Stl10Source open(Configuration conf, Path folder) {
        SourceFile.requireFolder(conf, folder, "STL-10's train_X.bin (its binary version)");
        return new Stl10Source(
                folder,
                SourceFile.readNames(conf, new Path(folder, "class_names.txt"), CLASSES),
                files(conf, folder, "train"),
                files(conf, folder, "test"));
    }

    private static Files files(Configuration conf, Path folder, String split) {
        Files files = new Files(
                require(conf, new Path(folder, split + "_X.bin")), require(conf, new Path(folder, split + "_y.bin")));
        int labels = files.labels().records(1);
        if (labels != files.count()) {
            throw new DataException(files.images().name() + " has " + files.count() + " images and "
                    + files.labels().name() + " has " + labels + " labels: download them again");
        }
        return files;
    }

    private static SourceFile require(Configuration conf, Path path) {
        return SourceFile.find(conf, path)
                .orElseThrow(() -> new DataException(path + " is missing: STL-10's binary version has train_X.bin, "
                        + "train_y.bin, test_X.bin and test_y.bin, unpack it again"));
    }

    @Override
    public String name() {
        return "stl10";
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
        return files(split).count();
    }

    @Override
    public ImageReader open(String split) {
        return new Stl10Reader(files(split).images(), files(split).labels());
    }

    private Files files(String split) {
        return switch (split) {
            case DatasetDescription.TRAIN -> train;
            case DatasetDescription.TEST -> test;
            default -> throw new DataException("STL-10 has no split '" + split + "': take train or test");
        };
    }
}
