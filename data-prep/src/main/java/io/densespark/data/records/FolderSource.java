package io.densespark.data.records;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.files.FileSystems;
import io.densespark.data.files.ImageFolder;
import io.densespark.data.files.Obstacle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Image folders: a folder for each class, named like it, with the images in it or in folders below it. Above the classes
 * there may be folders of splits: {@code train}, {@code val} (or {@code valid}, {@code validation}) and {@code test}.
 *
 * <p>Images are files with one of the usual endings ({@link ImageFolder}); others are passed over, and so are files
 * that begin with a dot, and folders that begin with a dot or an underscore. Each class's folder is listed in a task of its own.
 */
public final class FolderSource implements RecordSource {
    private final SparkSession spark;
    private final Path folder;
    private final List<ClassFolder> classFolders;

    private FolderSource(SparkSession spark, Path folder, List<ClassFolder> classFolders) {
        this.spark = spark;
        this.folder = folder;
        this.classFolders = List.copyOf(classFolders);
    }

    /**
     * Opens the data set in {@code folder}, on any file system that Hadoop knows; only the folders of the classes are looked
     * at yet.
     *
     * @throws DataException if the folder is missing, or has no folders of classes
     */
    public static FolderSource open(SparkSession spark, Path folder) {
        Configuration conf =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration();
        List<Path> below = folders(conf, folder);
        Map<Path, String> splits = new LinkedHashMap<>();
        below.forEach(path -> SplitNames.of(path.getName()).ifPresent(split -> splits.put(path, split)));
        List<ClassFolder> classFolders = new ArrayList<>();
        if (splits.containsValue(DatasetDescription.TRAIN)) {
            requireEachOnce(folder, splits);
            splits.forEach((path, split) -> classFolders.addAll(classFolders(conf, path, Optional.of(split))));
        } else {
            classFolders.addAll(classFolders(conf, folder, Optional.empty()));
        }
        return new FolderSource(spark, folder, classFolders);
    }

    private static void requireEachOnce(Path folder, Map<Path, String> splits) {
        if (splits.values().stream().distinct().count() != splits.size()) {
            throw new DataException(folder + " has several folders for one split, among "
                    + splits.keySet().stream().map(Path::getName).toList() + ": keep one for each");
        }
    }

    private static List<ClassFolder> classFolders(Configuration conf, Path above, Optional<String> split) {
        List<ClassFolder> found = folders(conf, above).stream()
                .map(path -> new ClassFolder(path.toString(), path.getName(), split.orElse("")))
                .toList();
        if (found.isEmpty()) {
            throw new DataException(
                    above + " has no folders, where one for each class is expected: put the images of a "
                            + "class into a folder named like it");
        }
        return found;
    }

    /** The folders in a folder, by their names, hidden ones left out; files are not kept. */
    private static List<Path> folders(Configuration conf, Path folder) {
        List<Path> folders = new ArrayList<>();
        try {
            FileSystem files = FileSystems.of(conf, folder);
            if (!files.getFileStatus(folder).isDirectory()) {
                throw new DataException(folder + " is a file: give the folder that holds the classes' folders");
            }
            RemoteIterator<FileStatus> content = files.listStatusIterator(folder);
            while (content.hasNext()) {
                FileStatus status = content.next();
                if (status.isDirectory() && !ImageFolder.isHidden(status.getPath())) {
                    folders.add(status.getPath());
                }
            }
        } catch (IOException e) {
            if (Obstacle.of(conf, folder, e) == Obstacle.MISSING) {
                throw new DataException(folder + " doesn't exist: give the folder that holds the classes' folders", e);
            }
            throw DataException.cannotRead(conf, folder, e);
        }
        folders.sort(Comparator.comparing(Path::getName));
        return folders;
    }

    @Override
    public String name() {
        return RelativePaths.shortName(folder);
    }

    @Override
    public String location() {
        return folder.toString();
    }

    @Override
    public boolean holdsImages() {
        return false;
    }

    @Override
    public Dataset<Row> records(boolean withImages) {
        JavaSparkContext sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
        FolderListing listing = new FolderListing(
                sc.broadcast(new SerializableConfiguration(sc.hadoopConfiguration())), folder.toString());
        return spark.createDataFrame(
                sc.parallelize(classFolders, classFolders.size()).flatMap(listing), ImageRecord.SCHEMA);
    }
}
