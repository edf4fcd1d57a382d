package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * CIFAR-100 in its binary layout: the folder {@code cifar-100-binary} of {@code https://www.cs.toronto.edu/~kriz/cifar.html}.
 *
 * <p>{@code train.bin} is the train split, {@code test.bin} the test split. A record is 3,074 bytes: the coarse label (0 to 19),
 * the fine label (0 to 99), and the pixels as in CIFAR-10 ({@link Cifar10Source}). The classes are named in {@code
 * fine_label_names.txt} and {@code coarse_label_names.txt}, one a line.
 */
public final class Cifar100Source implements ImageSource {
    private static final int LABEL_BYTES = 2;
    private static final int RECORD_BYTES = LABEL_BYTES + Cifar10Source.SHAPE.bytes();

    /** Which of an image's two labels to take. */
    private enum Labels {
        COARSE(20, "coarse"),
        FINE(100, "fine");

        private final int classes;
        private final String key;

        Labels(int classes, String key) {
            this.classes = classes;
            this.key = key;
        }
    }

    private final Path folder;
    private final Labels labels;
    private final List<String> classes;
    private final SourceFile train;
    private final SourceFile test;

    private Cifar100Source(Path folder, Labels labels, List<String> classes, SourceFile train, SourceFile test) {
        this.folder = folder;
        this.labels = labels;
        this.classes = classes;
        this.train = train;
        this.test = test;
    }

    /**
     * Opens the data set in {@code folder}, on any file system that Hadoop knows.
     *
     * @param labels {@code fine} or {@code coarse}; fine if none is given
     * @throws DataException if the folder or a file is missing, a file's length is not that of whole records, or there are no
     *     such labels
     */
    public static Cifar100Source open(Configuration conf, Path folder, Optional<String> labels) {
        Labels chosen = choose(labels.orElse(Labels.FINE.key));
        SourceFile.requireFolder(conf, folder, "CIFAR-100's train.bin (its binary version)");
        SourceFile train = require(conf, new Path(folder, "train.bin"));
        SourceFile test = require(conf, new Path(folder, "test.bin"));
        List<String> classes =
                SourceFile.readNames(conf, new Path(folder, chosen.key + "_label_names.txt"), chosen.classes);
        return new Cifar100Source(folder, chosen, classes, train, test);
    }

    private static Labels choose(String key) {
        for (Labels labels : Labels.values()) {
            if (labels.key.equals(key)) {
                return labels;
            }
        }
        throw new DataException("CIFAR-100 has no set of labels '" + key + "': take fine or coarse");
    }

    private static SourceFile require(Configuration conf, Path path) {
        SourceFile file = SourceFile.find(conf, path)
                .orElseThrow(() -> new DataException(
                        path + " is missing: CIFAR-100's binary version has train.bin and test.bin, unpack it again"));
        file.records(RECORD_BYTES);
        return file;
    }

    @Override
    public String name() {
        return labels == Labels.FINE ? "cifar100" : "cifar100-coarse";
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
        return Cifar10Source.SHAPE;
    }

    @Override
    public int count(String split) {
        return file(split).records(RECORD_BYTES);
    }

    @Override
    public ImageReader open(String split) {
        return new CifarReader(
                List.of(file(split)), count(split), classes.size(), LABEL_BYTES, labels == Labels.FINE ? 1 : 0);
    }

    private SourceFile file(String split) {
        return switch (split) {
            case DatasetDescription.TRAIN -> train;
            case DatasetDescription.TEST -> test;
            default -> throw new DataException("CIFAR-100 has no split '" + split + "': take train or test");
        };
    }
}
