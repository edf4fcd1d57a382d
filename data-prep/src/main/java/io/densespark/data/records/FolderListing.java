package io.densespark.data.records;

import io.densespark.data.files.FileSystems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/** Lists the images of a class, in a task, one after the other: a folder may have millions. */
final class FolderListing implements FlatMapFunction<ClassFolder, Row> {
    /** Of files that are images, in letters of either case. */
    static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "jpe", "png", "webp", "gif", "bmp", "tif", "tiff");

    private final Broadcast<SerializableConfiguration> hadoop;
    private final String root;

    FolderListing(Broadcast<SerializableConfiguration> hadoop, String root) {
        this.hadoop = hadoop;
        this.root = root;
    }

    /** Whether a file or folder isn't for people. */
    static boolean isHidden(Path path) {
        return path.getName().startsWith(".") || path.getName().startsWith("_");
    }

    /** Cameras begin the names of photographs with an underscore, too. */
    private static boolean isPassedOver(FileStatus status) {
        return status.isDirectory()
                ? isHidden(status.getPath())
                : status.getPath().getName().startsWith(".");
    }

    private static boolean isImage(Path path) {
        String name = path.getName();
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    @Override
    public Iterator<Row> call(ClassFolder folder) throws IOException {
        Path path = new Path(folder.path());
        FileSystem files = FileSystems.of(hadoop.value().value(), path);
        return new Images(files, path, folder);
    }

    private Row row(ClassFolder folder, Path image) {
        return new ImageRecord(
                        RelativePaths.below(new Path(root), image),
                        Optional.of(image.toString()),
                        null,
                        List.of(folder.name()),
                        List.of(),
                        folder.split().isEmpty() ? Optional.empty() : Optional.of(folder.split()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())
                .toRow();
    }

    /** A walk through a folder and those below it; only folders are remembered. */
    private final class Images implements Iterator<Row> {
        private final FileSystem files;
        private final ClassFolder folder;
        private final Deque<Path> left = new ArrayDeque<>();
        private RemoteIterator<FileStatus> content;
        private Optional<Row> next;

        Images(FileSystem files, Path start, ClassFolder folder) throws IOException {
            this.files = files;
            this.folder = folder;
            content = files.listStatusIterator(start);
            next = find();
        }

        private Optional<Row> find() throws IOException {
            while (true) {
                while (content.hasNext()) {
                    FileStatus status = content.next();
                    Path path = status.getPath();
                    if (isPassedOver(status)) {
                        continue;
                    }
                    if (status.isDirectory()) {
                        left.add(path);
                    } else if (isImage(path)) {
                        return Optional.of(row(folder, path));
                    }
                }
                if (left.isEmpty()) {
                    return Optional.empty();
                }
                content = files.listStatusIterator(left.remove());
            }
        }

        @Override
        public boolean hasNext() {
            return next.isPresent();
        }

        @Override
        public Row next() {
            Row row = next.orElseThrow(NoSuchElementException::new);
            try {
                next = find();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return row;
        }
    }
}
