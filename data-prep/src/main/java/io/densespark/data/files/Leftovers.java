package io.densespark.data.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What is being written has a hidden name beside its place, {@code .<which>-<unique>.writing}, and what it replaces may be
 * at {@code .<which>-<unique>.replaced} for a moment; {@code which} is the CRC-32 of the place's name. The name itself isn't in
 * it, since there are readers that go by names: TensorBoard reads every file with "tfevents" in its. A writer that was killed
 * leaves such names, which nobody takes for a file that is complete.
 */
public final class Leftovers {
    private static final String WRITING = ".writing";
    private static final String REPLACED = ".replaced";
    private static final Pattern NAME = Pattern.compile("\\.[0-9a-f]{8}-[0-9a-f]{8}\\.writing");

    private Leftovers() {}

    /** A name that nobody else has, in which to write what is to be at {@code target}. */
    public static Path writing(Path target) {
        return beside(target, WRITING);
    }

    /** A name that nobody else has, for what was at {@code target}. */
    public static Path replaced(Path target) {
        return beside(target, REPLACED);
    }

    private static Path beside(Path target, String ending) {
        String unique = UUID.randomUUID().toString().substring(0, 8);
        return new Path(target.getParent(), "." + which(target) + "-" + unique + ending);
    }

    private static String which(Path target) {
        CRC32 checksum = new CRC32();
        checksum.update(target.getName().getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", checksum.getValue());
    }

    /**
     * Removes what killed writers have left in a folder, whatever they were writing. For folders with one owner: nobody else may
     * be writing there.
     */
    public static void removeAllIn(Path folder, Configuration conf) throws IOException {
        FileSystem files = PlainFiles.of(folder, conf).system();
        for (FileStatus file : list(files, folder)) {
            if (NAME.matcher(file.getPath().getName()).matches()) {
                files.delete(file.getPath(), true);
            }
        }
    }

    /** Removes what killed writers of {@code target} have left. */
    public static void removeOf(Path target, FileSystem files) throws IOException {
        for (Path path : of(target, WRITING, files)) {
            files.delete(path, true);
        }
    }

    /** What was at {@code target} when a writer was killed that had moved it aside. */
    public static List<Path> replacedOf(Path target, FileSystem files) throws IOException {
        return of(target, REPLACED, files);
    }

    private static List<Path> of(Path target, String ending, FileSystem files) throws IOException {
        String prefix = "." + which(target) + "-";
        List<Path> found = new ArrayList<>();
        for (FileStatus file : list(files, target.getParent())) {
            String name = file.getPath().getName();
            if (name.startsWith(prefix) && name.endsWith(ending)) {
                found.add(file.getPath());
            }
        }
        return found;
    }

    private static FileStatus[] list(FileSystem files, Path folder) throws IOException {
        try {
            return files.listStatus(folder);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }
}
