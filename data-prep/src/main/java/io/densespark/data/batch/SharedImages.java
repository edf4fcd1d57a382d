package io.densespark.data.batch;

import io.densespark.data.DatasetDescription;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Decoded images, once a process: several replicas of one executor share them, and they go when the last lets go. */
public final class SharedImages {
    /** The rest of the heap is for batches, Spark and Hadoop. */
    private static final double SHARE_OF_HEAP = 0.6;

    private static final Map<String, WeakReference<ImageSet>> LOADED = new HashMap<>();

    private SharedImages() {}

    /**
     * The images of a split.
     *
     * @throws io.densespark.data.DataException if a shard is damaged, or the heap is too small
     */
    public static synchronized ImageSet load(DatasetDescription dataset, Path folder, Configuration conf, String split)
            throws InterruptedException {
        String key = dataset.checksum() + "/" + split;
        WeakReference<ImageSet> known = LOADED.get(key);
        ImageSet images = known == null ? null : known.get();
        if (images == null) {
            long limit = (long) (SHARE_OF_HEAP * Runtime.getRuntime().maxMemory());
            images = ImageSet.load(dataset, folder, conf, split, limit);
            LOADED.put(key, new WeakReference<>(images));
        }
        return images;
    }
}
