package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.data.LabelKind;
import io.densespark.data.decode.DecodedImage;
import io.densespark.data.files.FileSystems;
import io.densespark.data.shard.ImageRow;
import io.densespark.data.shard.ShardWriter;
import io.densespark.data.source.ImageSizesDifferException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** A shard that a task tries to write: it is begun with the first image, and gone again if it isn't finished. */
final class AttemptedShard implements AutoCloseable {
    private final Configuration conf;
    private final Path file;
    private final ShardTask.Output output;
    private @Nullable ShardWriter writer;
    private @Nullable ImageShape shape;
    private @Nullable ChannelStatistics statistics;
    private String first = "";
    private boolean finished;

    AttemptedShard(Configuration conf, Path file, ShardTask.Output output) {
        this.conf = conf;
        this.file = file;
        this.output = output;
    }

    /**
     * Adds an image.
     *
     * @param decoded the whole image
     * @param sized the image as it is learnt from
     * @throws ImageSizesDifferException if it has another size than the first
     */
    void add(long id, ReadAhead.Loaded image, DecodedImage decoded, DecodedImage sized) {
        ImageShape size = new ImageShape(
                sized.height(),
                sized.width(),
                sized.format().channels(),
                sized.format().bytesPerValue() * Byte.SIZE);
        if (writer == null || statistics == null) {
            if (!output.keepsEncoded()) {
                Prepare.requireShardSize(size, output.rows());
            }
            shape = size;
            first = image.name();
            statistics = new ChannelStatistics(size);
            writer = new ShardWriter(conf, file, output.format(size));
        } else if (!size.equals(shape)) {
            throw ImageSizesDifferException.of(image.name(), size, first, shape);
        }
        PlacedImage placed = image.placed();
        String key = image.key().name();
        byte[] bytes = output.keepsEncoded() ? image.requireEncoded() : sized.pixels();
        ImageRow row = output.labels() == LabelKind.CLASS
                ? ImageRow.ofClass(id, key, placed.label(), bytes)
                : ImageRow.ofClasses(id, key, placed.labels(), bytes);
        writer.write(row.withWeight(placed.weight()).withSize(decoded.height(), decoded.width()));
        statistics.add(sized.pixels());
    }

    /** Ends the file; null if it has no image. */
    ShardOutcome.@Nullable Written finish() {
        finished = true;
        return writer == null || shape == null || statistics == null
                ? null
                : new ShardOutcome.Written(writer.finish(), shape, first, statistics);
    }

    /** @throws DataException if an unfinished file can't be removed */
    @Override
    public void close() {
        if (writer == null || finished) {
            return;
        }
        try {
            writer.close();
        } finally {
            delete();
        }
    }

    private void delete() {
        // An interrupted thread could not talk to HDFS.
        boolean interrupted = Thread.interrupted();
        try {
            FileSystems.of(conf, file).delete(file, false);
        } catch (IOException e) {
            throw DataException.cannotWrite(file, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
