package io.densespark.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.densespark.data.files.Sha256;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a prepared data set holds: the content of its {@value #FILE_NAME}, whose fields are these components.
 *
 * <p>A folder with a {@value #FILE_NAME} is a data set; one without is not, whatever else it holds: the file is written
 * last.
 *
 * <p>Making one throws {@link DataException} if a component is missing or disagrees with another.
 *
 * @param format version of this description: {@value #FORMAT}, or {@value #ENCODED_FORMAT} where images are encoded
 * @param name short name, such as {@code cifar10}
 * @param source where the images came from, for people
 * @param classes names of the classes; label {@code i} is {@code classes[i]}
 * @param labels whether an image has one of the classes, or something is told of each
 * @param weighted whether each image has a weight
 * @param encoded whether the shards hold the images' own files, of any size, and not pixels
 * @param height image height in pixels; of encoded images that which they are brought to before they are learnt from, as are
 *     the next three
 * @param width image width in pixels
 * @param channels values per pixel
 * @param bits of each value, 8 or 16
 * @param mean mean of each channel over the train split, where the largest value counts 1.0
 * @param std standard deviation (of the population, not of a sample) of each channel, in the same unit
 * @param counts images in each split
 * @param splits shards of each split, in order: {@value #TRAIN}, {@value #TEST}, and there may be {@value #VALIDATION}
 * @param quarantine the table of the images that couldn't be prepared, if there were any
 * @param checksum SHA-256 over all shards, see {@link #checksumOf}
 */
public record DatasetDescription(
        int format,
        String name,
        String source,
        List<String> classes,
        LabelKind labels,
        boolean weighted,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean encoded,
        int height,
        int width,
        int channels,
        int bits,
        List<Double> mean,
        List<Double> std,
        Map<String, Long> counts,
        Map<String, List<Shard>> splits,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Shard quarantine,
        String checksum)
        implements Serializable {
    public static final int FORMAT = 2;
    /** Releases that know no encoded images refuse this format by its number. */
    public static final int ENCODED_FORMAT = 3;

    public static final String FILE_NAME = "dataset.json";
    public static final String TRAIN = "train";
    public static final String VALIDATION = "validation";
    public static final String TEST = "test";

    public DatasetDescription {
        require(
                format == (encoded ? ENCODED_FORMAT : FORMAT),
                "format is " + format + " where this release reads " + FORMAT + ", and " + ENCODED_FORMAT
                        + " of encoded images");
        require(name != null && !name.isBlank(), "name is missing");
        require(source != null, "source is missing");
        require(classes != null && !classes.isEmpty(), "classes are missing");
        require(
                classes.stream().noneMatch(Objects::isNull) && new HashSet<>(classes).size() == classes.size(),
                "two classes share a name");
        require(labels != null, "labels are missing");
        new ImageShape(height, width, channels, bits);
        requireChannels("mean", mean, channels);
        requireChannels("std", std, channels);
        require(
                splits != null && areSplits(splits.keySet()),
                "splits are not train and test, with or without validation");
        classes = List.copyOf(classes);
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        splits = copy(splits);
        requireDistinctFiles(splits);
        require(countsOf(splits).equals(counts), "counts " + counts + " are not the sums of the shards' rows");
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
        require(checksumOf(splits).equals(checksum), "checksum " + checksum + " is not that of the listed shards");
    }

    /** Describes freshly written shards of images of one class each; counts and checksum follow from them. */
    public static DatasetDescription of(
            String name,
            String source,
            List<String> classes,
            ImageShape shape,
            List<Double> mean,
            List<Double> std,
            Map<String, List<Shard>> splits) {
        return of(name, source, classes, LabelKind.CLASS, false, shape, mean, std, splits, Optional.empty());
    }

    /** Describes freshly written shards; counts and checksum follow from them. */
    public static DatasetDescription of(
            String name,
            String source,
            List<String> classes,
            LabelKind labels,
            boolean weighted,
            ImageShape shape,
            List<Double> mean,
            List<Double> std,
            Map<String, List<Shard>> splits,
            Optional<Shard> quarantine) {
        return new DatasetDescription(
                FORMAT,
                name,
                source,
                classes,
                labels,
                weighted,
                false,
                shape.height(),
                shape.width(),
                shape.channels(),
                shape.bits(),
                mean,
                std,
                countsOf(splits),
                splits,
                quarantine.orElse(null),
                checksumOf(splits));
    }

    /** The same data set with its images encoded: shape, mean and std are of what they are brought to. */
    public DatasetDescription withEncodedImages() {
        return new DatasetDescription(
                ENCODED_FORMAT,
                name,
                source,
                classes,
                labels,
                weighted,
                true,
                height,
                width,
                channels,
                bits,
                mean,
                std,
                counts,
                splits,
                quarantine,
                checksum);
    }

    /**
     * Reads {@code folder/dataset.json}.
     *
     * @throws DataException if the folder is not a data set, or its description is damaged
     */
    public static DatasetDescription read(Configuration conf, Path folder) {
        return DescriptionFile.read(conf, folder);
    }

    /**
     * Writes {@code folder/dataset.json}, replacing one that is there.
     *
     * @throws DataException if it can't be written; one that was there is then there still, or gone, but never cut
     */
    public void write(Configuration conf, Path folder) {
        DescriptionFile.write(this, conf, folder);
    }

    /** The size of every image, as it is learnt from. */
    public ImageShape shape() {
        return new ImageShape(height, width, channels, bits);
    }

    /** Whether there is a split to validate on. */
    public boolean hasValidation() {
        return splits.containsKey(VALIDATION);
    }

    /** Images that couldn't be prepared. */
    public long quarantined() {
        return quarantine == null ? 0 : quarantine.rows();
    }

    /** The names of all files of the data set, the description apart. */
    public List<String> files() {
        Stream<Shard> shards = splits.values().stream().flatMap(List::stream);
        return Stream.concat(shards, Stream.ofNullable(quarantine))
                .map(Shard::file)
                .toList();
    }

    /**
     * For who learns or compares one class an image.
     *
     * @throws DataException if there are several, or weights, which nobody would regard
     */
    public void requirePlainLabels() {
        if (labels != LabelKind.CLASS) {
            throw new DataException("data set " + name + " has several labels an image, which can be prepared but not "
                    + "trained or evaluated in this release: prepare one with a single class an image");
        }
        if (weighted) {
            throw new DataException("data set " + name + " has weights of images, which can be prepared but not "
                    + "trained or evaluated in this release: prepare it without them");
        }
    }

    /**
     * The shards of a split, in order.
     *
     * @throws DataException if there is no such split
     */
    public List<Shard> shards(String split) {
        List<Shard> shards = splits.get(split);
        if (shards == null) {
            throw new DataException(
                    "data set " + name + " has no split '" + split + "': take one of " + splits.keySet());
        }
        return shards;
    }

    /** Images in a split; throws as {@link #shards} does. */
    public long count(String split) {
        return shards(split).stream().mapToLong(Shard::rows).sum();
    }

    /**
     * SHA-256 of the shards' own SHA-256 digits, each followed by a line feed: splits by name, shards in their order.
     * File names are left out, so that the same images prepared twice have the same checksum.
     */
    private static String checksumOf(Map<String, List<Shard>> splits) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(splits)
                .values()
                .forEach(shards ->
                        shards.forEach(shard -> lines.append(shard.sha256()).append('\n')));
        return Sha256.of(lines.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static Map<String, Long> countsOf(Map<String, List<Shard>> splits) {
        Map<String, Long> counts = new LinkedHashMap<>();
        splits.forEach((split, shards) ->
                counts.put(split, shards.stream().mapToLong(Shard::rows).sum()));
        return counts;
    }

    private static boolean areSplits(Set<String> names) {
        return names.equals(Set.of(TRAIN, TEST)) || names.equals(Set.of(TRAIN, VALIDATION, TEST));
    }

    private static Map<String, List<Shard>> copy(Map<String, List<Shard>> splits) {
        Map<String, List<Shard>> copy = new LinkedHashMap<>();
        splits.forEach((split, shards) -> {
            require(
                    shards != null && !shards.isEmpty() && shards.stream().noneMatch(Objects::isNull),
                    "split " + split + " has no shards");
            copy.put(split, List.copyOf(shards));
        });
        return Collections.unmodifiableMap(copy);
    }

    private static void requireDistinctFiles(Map<String, List<Shard>> splits) {
        Set<String> files = new HashSet<>();
        splits.values()
                .forEach(shards -> shards.forEach(
                        shard -> require(files.add(shard.file()), "shard " + shard.file() + " is listed twice")));
    }

    private static void requireChannels(String field, List<Double> values, int channels) {
        require(
                values != null && values.size() == channels,
                field + " doesn't have one value for each of " + channels + " channels");
        for (Double value : values) {
            require(value != null && value >= 0 && value <= 1, field + " has a value outside [0, 1]: " + values);
        }
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new DataException(problem + ": run prepare again");
        }
    }
}
