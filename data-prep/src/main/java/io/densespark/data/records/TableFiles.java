package io.densespark.data.records;

import io.densespark.data.DataException;
import io.densespark.data.files.FileSystems;
import io.densespark.data.files.ImageFolder;
import io.densespark.data.files.Obstacle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The files of a table.
 *
 * @param folder that they lie in
 * @param paths in the order of their names
 */
record TableFiles(Path folder, List<Path> paths) {
    /**
     * A file, or those of a folder that have one of the endings. Folders in it are not looked into: there may be millions of
     * images.
     *
     * @throws DataException if there is none
     */
    static TableFiles find(Configuration conf, Path input, List<String> endings) {
        try {
            FileSystem files = FileSystems.of(conf, input);
            if (files.getFileStatus(input).isFile()) {
                return new TableFiles(input.getParent(), List.of(input));
            }
            List<Path> found = new ArrayList<>();
            RemoteIterator<FileStatus> content = files.listStatusIterator(input);
            while (content.hasNext()) {
                FileStatus status = content.next();
                String name = status.getPath().getName().toLowerCase(Locale.ROOT);
                if (status.isFile()
                        && !ImageFolder.isHidden(status.getPath())
                        && endings.stream().anyMatch(name::endsWith)) {
                    found.add(status.getPath());
                }
            }
            if (found.isEmpty()) {
                throw new DataException(input + " has no file whose name ends in " + String.join(" or ", endings)
                        + ": give the file itself, or the folder that holds such files");
            }
            return new TableFiles(input, found.stream().sorted().toList());
        } catch (IOException e) {
            if (Obstacle.of(conf, input, e) == Obstacle.MISSING) {
                throw new DataException(input + " doesn't exist: check the path", e);
            }
            throw DataException.cannotRead(conf, input, e);
        }
    }

    String[] names() {
        return paths.stream().map(Path::toString).toArray(String[]::new);
    }
}
