package io.densespark.data.batch;

import io.densespark.data.DatasetDescription;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Splits that several readers of one process share: each is opened once, when it is first asked for, and held until this
 * is closed. Images of pixels are loaded whole, encoded ones stay in their shards. For any number of threads.
 */
public final class LoadedSplits implements AutoCloseable {
    private final long maxBytes;
    private final Map<Key, Examples> loaded = new HashMap<>();
    private boolean closed;

    /** @param maxBytes bytes of heap that each split may take */
    public LoadedSplits(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    private record Key(String folder, String checksum, String split) {}

    /**
     * The images of a split; a second caller waits until the first has opened them.
     *
     * @param folder the data set's folder
     * @throws io.densespark.data.DataException if a shard is damaged, or the split takes too much memory
     * @throws IllegalStateException if this is closed
     * @throws InterruptedException if this thread was interrupted while it loaded them
     */
    public synchronized Examples get(DatasetDescription dataset, Path folder, Configuration conf, String split)
            throws InterruptedException {
        if (closed) {
            throw new IllegalStateException("the images of " + folder + " are asked for after all readers have gone");
        }
        Key key = new Key(folder.toString(), dataset.checksum(), split);
        Examples images = loaded.get(key);
        if (images == null) {
            images = dataset.encoded()
                    ? StreamedImages.open(dataset, folder, conf, split, maxBytes)
                    : ImageSet.load(dataset, folder, conf, split, maxBytes);
            loaded.put(key, images);
        }
        return images;
    }

    /** Lets go of all splits. */
    @Override
    public synchronized void close() {
        closed = true;
        loaded.clear();
    }
}
