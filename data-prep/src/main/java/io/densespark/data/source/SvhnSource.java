package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The Street View House Numbers as cropped digits (format 2): {@code train_32x32.mat}, {@code test_32x32.mat} and, if asked
 * for, {@code extra_32x32.mat} of {@code http://ufldl.stanford.edu/housenumbers}. In them label 10 is the digit 0.
 *
 * <p>A file's images are in memory while it is read: 225 MB of train, 1.6 GB of extra.
 */
public final class SvhnSource implements ImageSource {
    static final ImageShape SHAPE = new ImageShape(32, 32, 3);

    private static final String EXTRA = "extra";
    private static final int DIGITS = 10;

    private final Path folder;
    private final List<SvhnFile> train;
    private final SvhnFile test;

    private SvhnSource(Path folder, List<SvhnFile> train, SvhnFile test) {
        this.folder = folder;
        this.train = List.copyOf(train);
        this.test = test;
    }

    /**
     * Opens the data set in {@code folder}, on any file system that Hadoop knows.
     *
     * @param set {@code extra} to train on the less difficult digits as well
     * @throws DataException if the folder or a file is missing or damaged, or there is no such set
     */
    public static SvhnSource open(Configuration conf, Path folder, Optional<String> set) {
        SourceFile.requireFolder(conf, folder, "SVHN's train_32x32.mat");
        if (!EXTRA.equals(set.orElse(EXTRA))) {
            throw new DataException("SVHN has no set '" + set.get() + "': take extra, or leave it out");
        }
        List<SvhnFile> train = new ArrayList<>(List.of(file(conf, folder, "train")));
        set.ifPresent(name -> train.add(file(conf, folder, name)));
        return new SvhnSource(folder, train, file(conf, folder, "test"));
    }

    private static SvhnFile file(Configuration conf, Path folder, String name) {
        Path path = new Path(folder, name + "_32x32.mat");
        return SvhnFile.open(SourceFile.find(conf, path)
                .orElseThrow(() -> new DataException(path + " is missing: download it beside the others")));
    }

    @Override
    public String name() {
        return train.size() > 1 ? "svhn-" + EXTRA : "svhn";
    }

    @Override
    public String location() {
        return folder.toString();
    }

    @Override
    public List<String> classes() {
        return IntStream.range(0, DIGITS).mapToObj(Integer::toString).toList();
    }

    @Override
    public ImageShape shape() {
        return SHAPE;
    }

    @Override
    public int count(String split) {
        return files(split).stream().mapToInt(file -> file.labels().length).sum();
    }

    @Override
    public ImageReader open(String split) {
        return new SvhnReader(files(split));
    }

    private List<SvhnFile> files(String split) {
        return switch (split) {
            case DatasetDescription.TRAIN -> train;
            case DatasetDescription.TEST -> List.of(test);
            default -> throw new DataException("SVHN has no split '" + split + "': take train or test");
        };
    }
}
