package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import io.densespark.data.shard.ImageRow;
import io.densespark.data.shard.ShardFormat;
import io.densespark.data.shard.ShardWriter;
import io.densespark.data.source.ImageReader;
import io.densespark.data.source.ImageSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Turns an image source into Parquet shards and a {@code dataset.json}, on any file system that Hadoop knows.
 *
 * <p>{@code dataset.json} is written last and makes the folder a data set; a rename would not do, since it is not atomic
 * on object stores. Shards have names of their own in each preparation, so a data set that is overwritten stays whole
 * until the new {@code dataset.json} replaces the old one; only then are the old shards deleted.
 * What a killed preparation left is cleared up by the next one in the same folder; of two at once, the later one stays.
 */
public final class Prepare {
    private final ImageSource source;
    private final Configuration conf;
    private final PrepareSettings settings;

    private Prepare(ImageSource source, Configuration conf, PrepareSettings settings) {
        this.source = source;
        this.conf = conf;
        this.settings = settings;
    }

    /**
     * Prepares a whole data set; everything happens on the calling thread.
     *
     * @param output folder to write; it is made if it doesn't exist
     * @return what {@code output/dataset.json} now says
     * @throws DataException if the output is in use, the source is damaged, or a file can't be written; after any
     *     exception the output is as it was before
     */
    public static DatasetDescription run(
            ImageSource source, Configuration conf, Path output, PrepareSettings settings) {
        requireShardSize(source.shape(), settings.rowsPerShard());
        return OutputFolder.begin(conf, output, settings.overwrite())
                .fill(folder -> new Prepare(source, conf, settings).write(folder));
    }

    /** @throws DataException if so many rows of images make a shard that can't be held in an array */
    static void requireShardSize(ImageShape shape, int rowsPerShard) {
        if ((long) shape.bytes() * rowsPerShard > Integer.MAX_VALUE - 8) {
            throw new DataException(
                    rowsPerShard + " rows per shard of " + shape + " images are above 2 GB: set rows per shard to "
                            + Math.max(1, (1 << 28) / shape.bytes()) + " or less");
        }
    }

    private DatasetDescription write(OutputFolder folder) {
        ChannelStatistics statistics = new ChannelStatistics(source.shape());
        Map<String, List<Shard>> splits = new LinkedHashMap<>();
        splits.put(DatasetDescription.TRAIN, writeSplit(DatasetDescription.TRAIN, folder, statistics));
        // Only the train split counts: what is learnt from must not know the test images.
        splits.put(
                DatasetDescription.TEST,
                writeSplit(DatasetDescription.TEST, folder, new ChannelStatistics(source.shape())));
        return DatasetDescription.of(
                source.name(),
                source.location(),
                source.classes(),
                source.shape(),
                statistics.mean(),
                statistics.std(),
                splits);
    }

    private List<Shard> writeSplit(String split, OutputFolder folder, ChannelStatistics statistics) {
        List<Shard> shards = new ArrayList<>();
        ShardFormat format = ShardFormat.plain(source.shape(), source.classes().size());
        byte[] pixels = new byte[source.shape().bytes()];
        try (ImageReader images = source.open(split)) {
            long id = 0;
            int label = images.next(pixels);
            while (label >= 0) {
                try (ShardWriter shard = new ShardWriter(conf, folder.newShard(split, shards.size()), format)) {
                    for (int row = 0; row < settings.rowsPerShard() && label >= 0; row++) {
                        statistics.add(pixels);
                        shard.write(ImageRow.ofClass(id, split + "/" + id, label, pixels));
                        id++;
                        label = images.next(pixels);
                    }
                    shards.add(shard.finish());
                }
            }
        }
        return shards;
    }
}
