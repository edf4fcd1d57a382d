package io.densespark.spark.store;

import io.densespark.spark.store.StoredFile.Parser;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The file {@value #FILE} of a folder, as the command sha256sum writes and checks it: a line of {@code <sha256>  <name>} for
 * each file. A folder needn't have one: earlier releases wrote none, and people may remove it.
 */
final class FolderSums {
    static final String FILE = "SHA256SUMS";
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  ([^/]+)");

    private final Path folder;
    private final Configuration conf;
    private final Map<String, String> sums;

    private FolderSums(Path folder, Configuration conf, Map<String, String> sums) {
        this.folder = folder;
        this.conf = conf;
        this.sums = Map.copyOf(sums);
    }

    /** The sums of a folder; none if it has no such file. */
    static FolderSums of(Path folder, Configuration conf) throws IOException {
        Path file = new Path(folder, FILE);
        try {
            byte[] bytes = StoredFile.read(file, conf, in -> in.readAllBytes()).value();
            return new FolderSums(folder, conf, parse(new String(bytes, StandardCharsets.UTF_8), file));
        } catch (FileNotFoundException e) {
            return new FolderSums(folder, conf, Map.of());
        }
    }

    static String format(Map<String, String> sums) {
        StringBuilder text = new StringBuilder();
        sums.forEach(
                (name, sha256) -> text.append(sha256).append("  ").append(name).append('\n'));
        return text.toString();
    }

    private static Map<String, String> parse(String text, Path file) {
        Map<String, String> sums = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new DamagedFileException(
                        file + " is damaged: it has a line that is no checksum; copy the folder again");
            }
            sums.put(matcher.group(2), matcher.group(1));
        });
        return sums;
    }

    /**
     * Reads a file of the folder and compares it with its sum, if there is one.
     *
     * @throws FileNotFoundException if there is no such file
     * @throws DamagedFileException if it isn't what was written
     * @throws UnreadableFileException as {@link StoredFile#read}
     */
    <T> StoredFile<T> read(String name, Parser<T> parser) throws IOException {
        Path file = new Path(folder, name);
        StoredFile<T> found = StoredFile.read(file, conf, parser);
        require(name, found.sha256());
        return found;
    }

    /** @throws DamagedFileException if the folder has sums, and this isn't that of this file */
    void require(String name, String sha256) {
        if (!sums.isEmpty() && !sha256.equals(sums.get(name))) {
            throw new DamagedFileException(
                    new Path(folder, name) + " is damaged, or was changed: its SHA-256 isn't the one in " + FILE
                            + " beside it; copy the folder again, or remove " + FILE + " if you changed the file");
        }
    }
}
