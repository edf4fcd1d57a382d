package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.Shard;
import io.densespark.data.prepare.ShardOutcome.Written;
import io.densespark.data.records.ImageRecord;
import io.densespark.data.records.RecordSource;
import io.densespark.data.shard.QuarantineWriter;
import io.densespark.data.source.ImageSizesDifferException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/** The writing of shards: sends each image to the task of its shard, and gathers what the tasks tell. */
final class ShardJob {
    private final JavaSparkContext sc;
    private final RecordSettings settings;
    private final RecordSource source;
    private final ClassNames classes;

    ShardJob(JavaSparkContext sc, RecordSettings settings, RecordSource source, ClassNames classes) {
        this.sc = sc;
        this.settings = settings;
        this.source = source;
        this.classes = classes;
    }

    /**
     * Writes all shards, and the table of bad images if there are some.
     *
     * @param images all that are good as far as is known
     * @param bad gets the others
     */
    DatasetDescription run(
            JavaRDD<ImageRecord> images,
            SplitRule splits,
            ShardPlan plan,
            BadImages bad,
            OutputFolder folder,
            Path output) {
        Broadcast<ShardPlan> plans = sc.broadcast(plan);
        ShardTask task = new ShardTask(
                sc.broadcast(new SerializableConfiguration(sc.hadoopConfiguration())),
                plans,
                new ShardTask.Output(
                        output.toString(),
                        folder.number(),
                        settings.rows(),
                        settings.pixels(),
                        settings.imageSize().orElse(0),
                        source.labels(),
                        classes.names().size(),
                        source.weighted(),
                        settings.keepEncoded(),
                        settings.maxBad().isPresent()));
        Written[] written = new Written[plan.shards()];
        SparkTasks.run(
                sc,
                "prepare " + source.name(),
                place(images, splits, plans).mapPartitions(task),
                bytes -> take(ShardOutcome.of(bytes), written, bad));
        return describe(plan, written, bad, folder);
    }

    private JavaPairRDD<OrderKey, byte[]> place(
            JavaRDD<ImageRecord> images, SplitRule splits, Broadcast<ShardPlan> plans) {
        long seed = settings.seed();
        ClassNames names = classes;
        return images.mapToPair(record -> {
                    long hash = KeyHash.ORDER.of(seed, record.key());
                    int shard = plans.value().shard(splits.split(record), hash, record.key());
                    return new Tuple2<>(
                            new OrderKey(shard, hash, record.key()),
                            PlacedImage.of(record, names).toBytes());
                })
                .repartitionAndSortWithinPartitions(
                        new OrderPartitioner(plans.value().shards()));
    }

    private static void take(ShardOutcome outcome, Written[] written, BadImages bad) {
        if (outcome.failure() != null) {
            throw outcome.failure();
        }
        bad.add(outcome.bad());
        written[outcome.number()] = outcome.written();
    }

    private DatasetDescription describe(ShardPlan plan, Written[] written, BadImages bad, OutputFolder folder) {
        Map<String, List<Shard>> splits = new LinkedHashMap<>();
        Optional<Written> first = Optional.empty();
        Optional<ChannelStatistics> statistics = Optional.empty();
        for (int shard = 0; shard < written.length; shard++) {
            Written one = written[shard];
            if (one == null) {
                continue;
            }
            if (first.isPresent() && !one.shape().equals(first.get().shape())) {
                throw ImageSizesDifferException.of(
                        one.example(),
                        one.shape(),
                        first.get().example(),
                        first.get().shape());
            }
            first = first.or(() -> Optional.of(one));
            Split split = plan.splitOf(shard);
            splits.computeIfAbsent(split.key(), key -> new ArrayList<>()).add(one.shard());
            // Only the train split counts: what is learnt from must not know the other images.
            if (split == Split.TRAIN) {
                statistics = Optional.of(
                        statistics.map(sum -> sum.plus(one.statistics())).orElse(one.statistics()));
            }
        }
        if (statistics.isEmpty() || !splits.containsKey(DatasetDescription.TEST)) {
            throw new DataException(source.location() + " has no image that can be prepared for the split "
                    + (statistics.isEmpty() ? DatasetDescription.TRAIN : DatasetDescription.TEST)
                    + ": see what is wrong with the images");
        }
        DatasetDescription described = DatasetDescription.of(
                source.name(),
                source.location(),
                classes.names(),
                source.labels(),
                source.weighted(),
                first.orElseThrow().shape(),
                statistics.get().mean(),
                statistics.get().std(),
                splits,
                quarantine(bad.sorted(), folder));
        return settings.keepEncoded() ? described.withEncodedImages() : described;
    }

    private Optional<Shard> quarantine(List<BadImage> bad, OutputFolder folder) {
        if (bad.isEmpty()) {
            return Optional.empty();
        }
        List<List<String>> rows =
                bad.stream().map(image -> List.of(image.path(), image.reason())).toList();
        return Optional.of(QuarantineWriter.write(sc.hadoopConfiguration(), folder.quarantine(), rows));
    }
}
