package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a shard, told to the driver. It goes as bytes, which every serializer of Spark's knows.
 *
 * @param number of the shard, through all splits
 * @param written the file, its images' size and statistics; null if no image could be prepared
 * @param bad images that couldn't be
 * @param failure what ends the whole preparation, if anything does
 */
record ShardOutcome(
        int number,
        @Nullable Written written,
        List<BadImage> bad,
        @Nullable DataException failure) implements Serializable {
    /**
     * A file of the data set.
     *
     * @param example an image in it, for messages
     */
    record Written(Shard shard, ImageShape shape, String example, ChannelStatistics statistics)
            implements Serializable {}

    static ShardOutcome failed(int number, DataException failure) {
        return new ShardOutcome(number, null, List.of(), failure);
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(this);
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
        return bytes.toByteArray();
    }

    static ShardOutcome of(byte[] bytes) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (ShardOutcome) in.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("executors have other classes than the driver", e);
        }
    }
}
