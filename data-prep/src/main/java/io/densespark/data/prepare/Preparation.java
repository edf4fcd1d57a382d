package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.files.Leftovers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What one preparation leaves in its folder: shards with its number in their names, and, until it is through, a folder
 * {@code .preparing-<number>} with the description of the data set that it replaces, if there is one.
 *
 * <p>The latter is there before anything else, so that whoever finds it knows what a killed preparation has left, and
 * what was there before.
 */
final class Preparation {
    private static final String PREFIX = ".preparing-";
    private static final Pattern NOTE = Pattern.compile(Pattern.quote(PREFIX) + "([0-9a-f]{8})");

    private final Configuration conf;
    private final FileSystem fileSystem;
    private final Path folder;
    private final String number;
    private final Path note;
    private final Pattern shards;

    private Preparation(Configuration conf, FileSystem fileSystem, Path folder, String number) {
        this.conf = conf;
        this.fileSystem = fileSystem;
        this.folder = folder;
        this.number = number;
        this.note = new Path(folder, PREFIX + number);
        this.shards =
                Pattern.compile("((train|validation|test)-[0-9]{5,}|quarantine)-" + number + "(-[0-9]+)?\\.parquet");
    }

    /** Notes down what is to be replaced in a folder that exists. */
    static Preparation begin(
            Configuration conf, FileSystem fileSystem, Path folder, Optional<DatasetDescription> replaced)
            throws IOException {
        String number = UUID.randomUUID().toString().substring(0, 8);
        Preparation preparation = new Preparation(conf, fileSystem, folder, number);
        try {
            if (!fileSystem.mkdirs(preparation.note)) {
                throw new IOException("its folder " + preparation.note.getName() + " can't be made");
            }
            replaced.ifPresent(description -> description.write(conf, preparation.note));
        } catch (IOException | RuntimeException e) {
            fileSystem.delete(preparation.note, true);
            throw e;
        }
        return preparation;
    }

    /** The preparations of a folder that were not brought to an end. */
    static List<Preparation> unfinished(Configuration conf, FileSystem fileSystem, Path folder) throws IOException {
        List<Preparation> found = new ArrayList<>();
        for (FileStatus status : fileSystem.listStatus(folder)) {
            Matcher name = NOTE.matcher(status.getPath().getName());
            if (name.matches()) {
                found.add(new Preparation(conf, fileSystem, folder, name.group(1)));
            }
        }
        return found;
    }

    /** The path for a shard, such as {@code train-00000-1f0c9a2e.parquet}. */
    Path shard(String split, int index) {
        return new Path(folder, String.format(Locale.ROOT, "%s-%05d-%s.parquet", split, index, number));
    }

    /** The name of a shard that an attempt of a task writes, such as {@code train-00000-1f0c9a2e-17.parquet}. */
    static String shardOfAttempt(String split, int index, String number, long attempt) {
        return String.format(Locale.ROOT, "%s-%05d-%s-%d.parquet", split, index, number, attempt);
    }

    /** The path for the table of images that couldn't be prepared. */
    Path quarantine() {
        return new Path(folder, "quarantine-" + number + ".parquet");
    }

    /** What the names of this preparation's files have in common. */
    String number() {
        return number;
    }

    /** Refuses to go on where another preparation has cleared this one up. */
    void requireCurrent() throws IOException {
        if (!fileSystem.exists(note)) {
            throw new DataException(folder + " was taken by another preparation meanwhile: run one at a time");
        }
    }

    /**
     * Brings it to an end, as often as need be. Where its data set is the one in the folder, that is without the shards
     * of the one before, and without those of attempts that were not taken; otherwise the one before is there again, and nothing of this one.
     *
     * @throws DataException if the descriptions can't be read
     */
    void end() throws IOException {
        Optional<DatasetDescription> current = description(folder);
        Optional<DatasetDescription> replaced = description(note);
        if (current.isPresent() && current.get().files().stream().anyMatch(this::isOwn)) {
            Set<String> kept = Set.copyOf(current.get().files());
            for (String file : replaced.map(DatasetDescription::files).orElse(List.of())) {
                if (!kept.contains(file)) {
                    fileSystem.delete(new Path(folder, file), false);
                }
            }
            deleteOwnBut(kept);
        } else {
            if (current.isEmpty() && replaced.isPresent()) {
                replaced.get().write(conf, folder);
            }
            deleteOwnBut(Set.of());
            Leftovers.removeOf(new Path(folder, DatasetDescription.FILE_NAME), fileSystem);
        }
        fileSystem.delete(note, true);
    }

    private void deleteOwnBut(Set<String> kept) throws IOException {
        for (FileStatus status : fileSystem.listStatus(folder)) {
            String file = status.getPath().getName();
            if (isOwn(file) && !kept.contains(file)) {
                fileSystem.delete(status.getPath(), false);
            }
        }
    }

    private boolean isOwn(String file) {
        return shards.matcher(file).matches();
    }

    private Optional<DatasetDescription> description(Path from) throws IOException {
        return fileSystem.exists(new Path(from, DatasetDescription.FILE_NAME))
                ? Optional.of(DatasetDescription.read(conf, from))
                : Optional.empty();
    }
}
