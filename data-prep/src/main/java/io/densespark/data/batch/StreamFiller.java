package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.data.decode.DecodeSettings;
import io.densespark.data.decode.DecodedImage;
import io.densespark.data.decode.ImageDecoder;
import io.densespark.data.decode.PixelFormat;
import io.densespark.data.decode.UndecodableImageException;
import io.densespark.data.shard.EncodedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Fills batches with streamed images: several threads decode them, bring them to the data set's size, augment and normalize
 * them, each image into its own place. A batch is handed on while its images are still being decoded, so that threads go on
 * with the next one; whoever takes it waits. So there are at most as many images in work as the loader has room for.
 */
final class StreamFiller implements BatchLoader.Filler {
    private final StreamedImages images;
    private final EpochShare share;
    private final ImageDecoder decoder;
    private final EncodedStream stream;
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    /** An image to be put into a place of a batch. */
    private record Task(EncodedImage image, int index, ImageBatch into, int place) {}

    /** Starts threads. */
    StreamFiller(StreamedImages images, EpochShare share, int threads) {
        this.images = images;
        this.share = share;
        ImageShape shape = images.shape();
        PixelFormat format = PixelFormat.of(shape.channels(), shape.bits());
        decoder = new ImageDecoder(DecodeSettings.of(format));
        stream = new EncodedStream(images, share);
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(this::decodeAll, "densespark-decoder-" + i);
            thread.setDaemon(true);
            this.threads.add(thread);
            thread.start();
        }
    }

    @Override
    public void fill(int batch, ImageBatch into) throws InterruptedException {
        int count = share.count(batch);
        into.expect(share.globalCount(batch), count);
        for (int place = 0; place < count; place++) {
            int index = share.image(batch, place);
            tasks.add(new Task(stream.take(index), index, into, place));
        }
    }

    private void decodeAll() {
        try {
            while (true) {
                Task task = tasks.take();
                try {
                    task.into()
                            .put(
                                    decode(task),
                                    task.index(),
                                    task.place(),
                                    task.image().label());
                } catch (RuntimeException | Error e) {
                    task.into().fail(e);
                }
            }
        } catch (InterruptedException e) {
            // Closed: nobody takes batches any more.
        }
    }

    private DecodedImage decode(Task task) {
        try {
            return decoder.decode(task.image().file());
        } catch (UndecodableImageException e) {
            throw new DataException(
                    images.name(task.index()) + ", can't be decoded, it is " + e.getMessage() + ": run prepare again",
                    e);
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        threads.forEach(Threads::join);
        stream.close();
    }
}
