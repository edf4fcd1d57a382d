package io.densespark.data.source;

import io.densespark.data.DataException;
import io.densespark.data.files.FileSystems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The files of one data set in IDX format, found by their names.
 *
 * @param set the data set's name, {@value #MNIST} where its files begin with {@code train} and {@code t10k}
 * @param mapping what its labels stand for, if there is such a file
 */
record IdxFiles(
        String set,
        SourceFile trainImages,
        SourceFile trainLabels,
        SourceFile testImages,
        SourceFile testLabels,
        Optional<SourceFile> mapping) {
    static final String MNIST = "mnist";

    private static final Pattern NAME = Pattern.compile(
            "(?:([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)-)?(train|t10k|test)-(images|labels)([-.])idx[13]-ubyte(\\.gz)?");

    /**
     * A file that has the name of one part of a data set.
     *
     * @param rank files of the same part are alike: the one with the lowest rank is read
     */
    private record Part(String set, boolean isTrain, boolean isImages, Path path, int rank) {}

    /**
     * Looks into {@code folder}, and into folders there that have such a file's name: some archives unpack to them.
     *
     * @param wanted the set to take where several lie there
     * @throws SeveralSetsException if there are several and none is wanted
     * @throws DataException if a file is missing, or the set that is wanted isn't there
     */
    static IdxFiles find(Configuration conf, Path folder, Optional<String> wanted) {
        List<Part> parts = new ArrayList<>();
        for (FileStatus entry : list(conf, folder)) {
            if (entry.isFile()) {
                part(entry.getPath(), 0).ifPresent(parts::add);
            } else if (NAME.matcher(entry.getPath().getName()).matches()) {
                for (FileStatus inner : list(conf, entry.getPath())) {
                    part(inner.getPath(), 4).filter(part -> inner.isFile()).ifPresent(parts::add);
                }
            }
        }
        String set = choose(folder, parts, wanted);
        return new IdxFiles(
                set,
                require(conf, folder, parts, set, true, true),
                require(conf, folder, parts, set, true, false),
                require(conf, folder, parts, set, false, true),
                require(conf, folder, parts, set, false, false),
                SourceFile.find(conf, new Path(folder, set + "-mapping.txt")));
    }

    private static FileStatus[] list(Configuration conf, Path folder) {
        try {
            return FileSystems.of(conf, folder).listStatus(folder);
        } catch (IOException e) {
            throw DataException.cannotRead(conf, folder, e);
        }
    }

    private static Optional<Part> part(Path path, int rank) {
        Matcher name = NAME.matcher(path.getName());
        if (!name.matches()) {
            return Optional.empty();
        }
        String set = name.group(1) == null ? MNIST : name.group(1);
        int packed = name.group(5) == null ? 0 : 2;
        int dotted = name.group(4).equals(".") ? 1 : 0;
        return Optional.of(new Part(
                set, name.group(2).equals("train"), name.group(3).equals("images"), path, rank + packed + dotted));
    }

    private static String choose(Path folder, List<Part> parts, Optional<String> wanted) {
        TreeSet<String> sets = new TreeSet<>(parts.stream().map(Part::set).toList());
        if (wanted.isPresent()) {
            if (!sets.contains(wanted.get())) {
                throw new DataException(folder + " has no files of the data set " + wanted.get() + ": "
                        + (sets.isEmpty() ? "check the path" : "take one of " + String.join(", ", sets)));
            }
            return wanted.get();
        }
        if (sets.size() > 1) {
            throw new SeveralSetsException(folder + " has several data sets, " + String.join(", ", sets));
        }
        return sets.isEmpty() ? MNIST : sets.first();
    }

    private static SourceFile require(
            Configuration conf, Path folder, List<Part> parts, String set, boolean isTrain, boolean isImages) {
        return parts.stream()
                .filter(part -> part.set().equals(set) && part.isTrain() == isTrain && part.isImages() == isImages)
                .min(Comparator.comparingInt(Part::rank))
                .flatMap(part -> SourceFile.find(conf, part.path()))
                .orElseThrow(() -> new DataException(new Path(folder, usualName(set, isTrain, isImages))
                        + " is missing, also with .gz: the data set has four files, two to train and two to test on,"
                        + " download them again"));
    }

    private static String usualName(String set, boolean isTrain, boolean isImages) {
        boolean isMnist = set.equals(MNIST);
        String split = isTrain ? "train" : isMnist ? "t10k" : "test";
        return (isMnist ? "" : set + "-") + split + (isImages ? "-images-idx3-ubyte" : "-labels-idx1-ubyte");
    }
}
