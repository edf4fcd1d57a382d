package io.densespark.spark.sql;

import io.densespark.model.weights.ModelDescription;
import io.densespark.spark.UserMessage;
import io.densespark.spark.predict.BroadcastModel;
import io.densespark.spark.store.ModelFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;

/**
 * The models that the queries of a session have named: each is read and sent once, not whenever Spark looks at a query. They go
 * when nothing uses them and the driver's memory is short.
 */
final class LoadedModels {
    private final Map<Path, SoftReference<Loaded>> byFolder = new HashMap<>();

    /**
     * A model as it was in its folder.
     *
     * @param files of the folder, by times and lengths: whether it still is so
     */
    private record Loaded(SparkContext sc, List<Long> files, BroadcastModel model) {}

    /**
     * The model in a folder, which may have changed meanwhile.
     *
     * @throws io.densespark.spark.JobException if there is none, or its files can't be read
     */
    synchronized BroadcastModel in(SparkContext sc, String place) {
        Path folder = new Path(place);
        try {
            List<Long> files = files(folder, sc.hadoopConfiguration());
            SoftReference<Loaded> known = byFolder.get(folder);
            Loaded loaded = known == null ? null : known.get();
            if (loaded == null || loaded.sc() != sc || !loaded.files().equals(files)) {
                ModelFolder model = ModelFolder.read(folder, sc.hadoopConfiguration());
                loaded = new Loaded(sc, files, BroadcastModel.of(sc, model));
                byFolder.put(folder, new SoftReference<>(loaded));
            }
            return loaded.model();
        } catch (IOException e) {
            throw UserMessage.unchecked(e);
        }
    }

    private static List<Long> files(Path folder, Configuration hadoop) throws IOException {
        List<Long> files = new ArrayList<>();
        for (String name : List.of(ModelDescription.FILE, ModelDescription.WEIGHTS_FILE)) {
            try {
                Path file = new Path(folder, name);
                FileStatus status = file.getFileSystem(hadoop).getFileStatus(file);
                files.add(status.getModificationTime());
                files.add(status.getLen());
            } catch (FileNotFoundException e) {
                // To read the model tells more of it.
                return List.of();
            }
        }
        return files;
    }
}
