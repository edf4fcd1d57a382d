package io.densespark.data.prepare;

import io.densespark.data.ImageShape;
import io.densespark.data.LabelKind;
import io.densespark.data.decode.DecodeSettings;
import io.densespark.data.decode.DecodedImage;
import io.densespark.data.decode.ImageDecoder;
import io.densespark.data.decode.ImageResizer;
import io.densespark.data.decode.PixelFormat;
import io.densespark.data.decode.UndecodableImageException;
import io.densespark.data.shard.ShardFormat;
import io.densespark.data.source.ImageSizesDifferException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/** Writes one shard: reads its images, decodes them, brings them to a size. */
final class ShardTask implements FlatMapFunction<Iterator<Tuple2<OrderKey, byte[]>>, byte[]> {
    private final Broadcast<SerializableConfiguration> hadoop;
    private final Broadcast<ShardPlan> plan;
    private final Output output;

    /**
     * What all tasks of a preparation have in common.
     *
     * @param folder of the data set
     * @param number of the preparation
     * @param rows of a shard
     * @param imageSize height and width to bring images to; 0 to leave them as they are
     * @param classes their number
     * @param keepsEncoded whether the shard gets the images' own files
     * @param allowsBad whether it goes on after an image that can't be prepared
     */
    record Output(
            String folder,
            String number,
            int rows,
            PixelFormat pixels,
            int imageSize,
            LabelKind labels,
            int classes,
            boolean weighted,
            boolean keepsEncoded,
            boolean allowsBad)
            implements Serializable {
        ShardFormat format(ImageShape shape) {
            return new ShardFormat(shape, labels, classes, weighted, keepsEncoded);
        }
    }

    ShardTask(Broadcast<SerializableConfiguration> hadoop, Broadcast<ShardPlan> plan, Output output) {
        this.hadoop = hadoop;
        this.plan = plan;
        this.output = output;
    }

    @Override
    public Iterator<byte[]> call(Iterator<Tuple2<OrderKey, byte[]>> records) throws InterruptedIOException {
        TaskContext task = TaskContext.get();
        return List.of(write(task.partitionId(), task.taskAttemptId(), records).toBytes())
                .iterator();
    }

    private ShardOutcome write(int number, long attempt, Iterator<Tuple2<OrderKey, byte[]>> records)
            throws InterruptedIOException {
        Split split = plan.value().splitOf(number);
        Path file = new Path(
                output.folder(),
                Preparation.shardOfAttempt(split.key(), plan.value().indexInSplit(number), output.number(), attempt));
        Configuration conf = hadoop.value().value();
        ImageDecoder decoder = new ImageDecoder(DecodeSettings.of(output.pixels()));
        Optional<ImageResizer> resizer = output.imageSize() > 0
                ? Optional.of(ImageResizer.toCentralSquare(output.imageSize()))
                : Optional.empty();
        List<BadImage> bad = new ArrayList<>();
        long id = plan.value().firstRow(number);
        try (ReadAhead images = new ReadAhead(conf, records);
                AttemptedShard shard = new AttemptedShard(conf, file, output)) {
            for (Optional<ReadAhead.Loaded> next = images.next(); next.isPresent(); next = images.next()) {
                ReadAhead.Loaded image = next.get();
                try {
                    DecodedImage decoded = decode(decoder, image);
                    shard.add(
                            id,
                            image,
                            decoded,
                            resizer.isPresent() ? resizer.get().resize(decoded) : decoded);
                } catch (ImageFile.UnreadableException e) {
                    bad.add(new BadImage(image.name(), String.valueOf(e.getMessage())));
                    if (!output.allowsBad()) {
                        return new ShardOutcome(number, null, bad, null);
                    }
                }
                id++;
            }
            return new ShardOutcome(number, shard.finish(), bad, null);
        } catch (ImageSizesDifferException e) {
            return ShardOutcome.failed(number, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the task was ended");
        }
    }

    private static DecodedImage decode(ImageDecoder decoder, ReadAhead.Loaded image)
            throws ImageFile.UnreadableException {
        byte[] encoded = image.encoded();
        if (encoded == null) {
            throw new ImageFile.UnreadableException(image.problem());
        }
        try {
            return decoder.decode(encoded);
        } catch (UndecodableImageException e) {
            throw new ImageFile.UnreadableException("it is " + e.getMessage());
        }
    }
}
