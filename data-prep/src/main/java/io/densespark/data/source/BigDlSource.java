package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.decode.ImageResizer;
import io.densespark.data.files.FileSystems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Images in Hadoop SequenceFiles as BigDL's {@code ImageNetSeqFileGenerator} and {@code BGRImgToLocalSeqFile} write them.
 *
 * <p>The folder {@code train} has the train split, {@code val} (or {@code test}) the test split, each as one or more
 * files {@code *.seq}, read in the order of their names; other files are passed over. What a record holds is told at
 * {@link BigDlRecords}. The keys have no class names, so classes are named as BigDL numbers them: {@code 1} to the
 * largest label of the train split.
 *
 * <p>Images of several sizes, as ImageNet's are, need an image size to be brought to: the shorter side is scaled to it,
 * and the central square is cut out ({@link ImageResizer}).
 */
public final class BigDlSource implements ImageSource {
    static final int CHANNELS = 3;

    /** Far above any data set's number of classes; a larger label tells of a damaged key. */
    static final int MAX_LABEL = 1_000_000;

    private static final int MAX_IMAGE_SIZE = 8192;
    private static final String TRAIN_FOLDER = "train";
    private static final List<String> TEST_FOLDERS = List.of("val", "test");

    private final Configuration conf;
    private final Path folder;
    private final OptionalInt imageSize;
    private final BigDlSplit train;
    private final BigDlSplit test;

    private BigDlSource(Configuration conf, Path folder, OptionalInt imageSize, BigDlSplit train, BigDlSplit test) {
        this.conf = conf;
        this.folder = folder;
        this.imageSize = imageSize;
        this.train = train;
        this.test = test;
    }

    /**
     * Opens the data set in {@code folder}, on any file system that Hadoop knows, and reads all of it once: a
     * SequenceFile tells neither its number of records nor their sizes. A file cut exactly between two records can't be
     * told from a whole one.
     *
     * @param imageSize height and width to bring all images to, 1 to 8192; without it they must all have one size
     * @throws DataException if a folder or its files are missing, a file is not a SequenceFile of such records or is
     *     damaged, images differ in size and there is no {@code imageSize}, or a test label is above all train labels
     */
    public static BigDlSource open(Configuration conf, Path folder, OptionalInt imageSize) {
        if (imageSize.isPresent() && (imageSize.getAsInt() < 1 || imageSize.getAsInt() > MAX_IMAGE_SIZE)) {
            throw new DataException("image size is " + imageSize.getAsInt() + ": give 1 to " + MAX_IMAGE_SIZE
                    + ", such as 256, or leave it out");
        }
        SourceFile.requireFolder(conf, folder, "BigDL's folders train and val");
        boolean oneSize = imageSize.isEmpty();
        Path trainFolder = new Path(folder, TRAIN_FOLDER);
        SourceFile.requireFolder(conf, trainFolder, "the .seq files to train on");
        Path testFolder = testFolder(conf, folder);
        BigDlSplit train = BigDlSplit.scan(conf, trainFolder, oneSize);
        BigDlSplit test = BigDlSplit.scan(conf, testFolder, oneSize);
        if (oneSize) {
            BigDlSplit.requireSameShape(test.first(), train.first());
        }
        if (test.largestLabel().label() > train.largestLabel().label()) {
            throw new DataException(test.largestLabel().where() + " has label "
                    + test.largestLabel().label() + ", above "
                    + train.largestLabel().label() + ", the largest of " + trainFolder
                    + ": take both folders from one data set");
        }
        return new BigDlSource(conf, folder, imageSize, train, test);
    }

    private static Path testFolder(Configuration conf, Path folder) {
        try {
            FileSystem fileSystem = FileSystems.of(conf, folder);
            List<Path> there = new ArrayList<>();
            for (String name : TEST_FOLDERS) {
                Path path = new Path(folder, name);
                if (fileSystem.exists(path)) {
                    there.add(path);
                }
            }
            if (there.size() > 1) {
                throw new DataException(folder + " has both folders " + String.join(" and ", TEST_FOLDERS)
                        + ": leave the one to test on");
            }
            Path found = there.isEmpty() ? new Path(folder, TEST_FOLDERS.get(0)) : there.get(0);
            SourceFile.requireFolder(conf, found, "the .seq files to test on (val or test)");
            return found;
        } catch (IOException e) {
            throw DataException.cannotRead(conf, folder, e);
        }
    }

    @Override
    public String name() {
        return "bigdl";
    }

    @Override
    public String location() {
        return folder.toString();
    }

    @Override
    public List<String> classes() {
        return IntStream.rangeClosed(1, train.largestLabel().label())
                .mapToObj(Integer::toString)
                .toList();
    }

    @Override
    public ImageShape shape() {
        return imageSize.isPresent()
                ? new ImageShape(imageSize.getAsInt(), imageSize.getAsInt(), CHANNELS)
                : train.first().shape();
    }

    @Override
    public int count(String split) {
        return split(split).count();
    }

    @Override
    public ImageReader open(String split) {
        Optional<ImageResizer> resizer = imageSize.isPresent()
                ? Optional.of(ImageResizer.toCentralSquare(imageSize.getAsInt()))
                : Optional.empty();
        return new BigDlReader(conf, split(split), shape(), train.largestLabel().label(), resizer);
    }

    private BigDlSplit split(String split) {
        return switch (split) {
            case DatasetDescription.TRAIN -> train;
            case DatasetDescription.TEST -> test;
            default -> throw new DataException("BigDL's files have no split '" + split + "': take train or test");
        };
    }
}
