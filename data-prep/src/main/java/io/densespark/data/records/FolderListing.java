package io.densespark.data.records;

import io.densespark.data.files.FileSystems;
import io.densespark.data.files.ImageFolder;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/** Lists the images of a class, in a task, one after the other: a folder may have millions. */
final class FolderListing implements FlatMapFunction<ClassFolder, Row> {
    private final Broadcast<SerializableConfiguration> hadoop;
    private final String root;

    FolderListing(Broadcast<SerializableConfiguration> hadoop, String root) {
        this.hadoop = hadoop;
        this.root = root;
    }

    @Override
    public Iterator<Row> call(ClassFolder folder) throws IOException {
        Path path = new Path(folder.path());
        FileSystem files = FileSystems.of(hadoop.value().value(), path);
        ImageFolder images = new ImageFolder(files, path);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return images.hasNext();
            }

            @Override
            public Row next() {
                return row(folder, images.next());
            }
        };
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
}
