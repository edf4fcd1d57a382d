package io.densespark.spark.store;

import io.densespark.data.files.PlainFiles;
import io.densespark.data.files.Sha256;
import io.densespark.data.files.StagedFile;
import io.densespark.data.files.StagedFile.Content;
import io.densespark.data.files.StagedFile.Written;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes a folder that is complete once one small file is there, the commit, and not before: renames of folders are not one
 * act on object stores. Order of calls: {@link #begin}, {@link #add} for each file, {@link #commit}. Checksums of all files,
 * the commit's too, are in {@value FolderSums#FILE}, written before it.
 */
final class CommittedFolder {
    private final Path folder;
    private final Configuration conf;
    private final PlainFiles files;
    private final String commit;
    private final Map<String, String> sums = new LinkedHashMap<>();

    private CommittedFolder(Path folder, Configuration conf, String commit) throws IOException {
        this.folder = folder;
        this.conf = conf;
        this.commit = commit;
        files = PlainFiles.of(folder, conf);
    }

    /** Begins a folder, which may be there: without its commit it is no longer complete. */
    static CommittedFolder begin(Path folder, String commit, Configuration conf) throws IOException {
        CommittedFolder begun = new CommittedFolder(folder, conf, commit);
        begun.files.system().delete(new Path(folder, commit), false);
        return begun;
    }

    /** Writes a file of the folder; after an error nothing is left of those that were added. */
    Written add(String name, Content content) throws IOException {
        try {
            Written written = StagedFile.create(files, new Path(folder, name), content);
            sums.put(name, written.sha256());
            return written;
        } catch (IOException | RuntimeException e) {
            takeAway(name, e);
            throw e;
        }
    }

    /** Completes the folder; errors as {@link #add}. */
    void commit(byte[] content) throws IOException {
        sums.put(commit, Sha256.of(content));
        byte[] text = FolderSums.format(sums).getBytes(StandardCharsets.UTF_8);
        add(FolderSums.FILE, Content.of(text));
        try {
            StagedFile.write(new Path(folder, commit), conf, Content.of(content));
        } catch (IOException | RuntimeException e) {
            takeAway(commit, e);
            throw e;
        }
    }

    /** A disk that is full needs the room, and nobody else tidies up before the next run. */
    private void takeAway(String last, Exception cause) {
        try {
            files.system().delete(new Path(folder, last), false);
            for (String name : sums.keySet()) {
                files.system().delete(new Path(folder, name), false);
            }
            if (files.system().listStatus(folder).length == 0) {
                files.system().delete(folder, false);
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
