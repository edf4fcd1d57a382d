package io.densespark.data.batch;

import io.densespark.data.shard.EncodedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The encoded images of one rank's epoch, read ahead of the one who takes them, within a bound of bytes.
 *
 * <p>Row groups are read whole, in the order in which the rank first needs one; of each, the images that the rank needs are
 * kept until they are taken. Threads read on while what is held and what is being read takes at most twice what the rank's
 * order makes it hold at a time, and beyond that only for an image that is waited for. The threads are made here, so that they
 * have the user's credentials.
 */
final class EncodedStream implements AutoCloseable {
    /** Object stores answer late. */
    private static final int THREADS = 4;

    private final StreamedImages images;
    /** Images that are needed. */
    private final BitSet needed;
    /** Row groups in the order in which they are needed. */
    private final int[] order;
    /** Where a row group is in that order. */
    private final int[] placeOfGroup;

    private final long budget;
    private final List<Thread> threads = new ArrayList<>();

    // All of these are guarded by this.
    private final Map<Integer, EncodedImage> held = new HashMap<>();
    private final BitSet read = new BitSet();
    private int next;
    private int waitedFor = -1;
    private long bytes;
    private long peakBytes;
    private Optional<Throwable> failure = Optional.empty();
    private boolean closed;

    /** Starts to read. */
    EncodedStream(StreamedImages images, EpochShare share) {
        this.images = images;
        needed = new BitSet(images.size());
        int[] needs = new int[images.groups()];
        placeOfGroup = new int[images.groups()];
        Arrays.fill(placeOfGroup, -1);
        int[] first = new int[images.groups()];
        int groups = 0;
        for (int batch = 0; batch < share.batches(); batch++) {
            for (int i = 0; i < share.count(batch); i++) {
                int image = share.image(batch, i);
                int group = images.group(image);
                if (placeOfGroup[group] < 0) {
                    placeOfGroup[group] = groups;
                    first[groups++] = group;
                }
                needs[group]++;
                needed.set(image);
            }
        }
        order = Arrays.copyOf(first, groups);
        budget = 2 * mostHeld(share, needs);
        for (int i = 0; i < Math.min(THREADS, groups); i++) {
            Thread thread = new Thread(this::readAll, "densespark-row-group-reader-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** The most bytes that are held where each row group is read when its first image is needed, about. */
    private long mostHeld(EpochShare share, int[] needs) {
        int[] left = needs.clone();
        long live = 0;
        long most = 0;
        for (int batch = 0; batch < share.batches(); batch++) {
            for (int i = 0; i < share.count(batch); i++) {
                int group = images.group(share.image(batch, i));
                long whole = images.rowGroup(group).bytes();
                long each = whole / images.rowGroup(group).rows();
                if (left[group] == needs[group]) {
                    most = Math.max(most, live + whole);
                    live += each * needs[group];
                }
                live -= each;
                left[group]--;
            }
        }
        return most;
    }

    private void readAll() {
        try {
            for (int place = begin(); place >= 0; place = begin()) {
                int group = order[place];
                int first = images.firstOf(group);
                end(place, images.read(group, row -> needed.get(first + row)));
            }
        } catch (InterruptedException e) {
            // Closed: nobody takes images any more.
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** The place of the next row group to read, when there is room for it; -1 if there is none. */
    private synchronized int begin() throws InterruptedException {
        while (!closed && failure.isEmpty() && next < order.length && !mayRead()) {
            wait();
        }
        if (closed || failure.isPresent() || next == order.length) {
            return -1;
        }
        hold(images.rowGroup(order[next]).bytes());
        return next++;
    }

    private boolean mayRead() {
        return next < order.length && (bytes + images.rowGroup(order[next]).bytes() <= budget || waitedFor >= next);
    }

    private void hold(long more) {
        bytes += more;
        peakBytes = Math.max(peakBytes, bytes);
    }

    private synchronized void end(int place, List<EncodedImage> kept) {
        int first = images.firstOf(order[place]);
        bytes -= images.rowGroup(order[place]).bytes();
        for (EncodedImage image : kept) {
            held.put(first + image.row(), image);
            hold(image.file().length);
        }
        read.set(place);
        notifyAll();
    }

    private synchronized void fail(Throwable cause) {
        if (failure.isEmpty()) {
            failure = Optional.of(cause);
        }
        notifyAll();
    }

    /**
     * An image, which is forgotten here then. To be asked for in the order of the share, or nearly so, by one thread.
     *
     * @throws InterruptedException if this thread was interrupted while it waited
     * @throws RuntimeException or an error: what a reading thread met
     */
    synchronized EncodedImage take(int image) throws InterruptedException {
        int place = placeOfGroup[images.group(image)];
        while (!read.get(place)) {
            failure.ifPresent(EncodedStream::rethrow);
            waitedFor = place;
            notifyAll();
            wait();
        }
        waitedFor = -1;
        EncodedImage taken = Optional.ofNullable(held.remove(image)).orElseThrow();
        bytes -= taken.file().length;
        if (mayRead()) {
            notifyAll();
        }
        return taken;
    }

    private static void rethrow(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        // The reader throws no checked exceptions.
        throw (RuntimeException) cause;
    }

    /** Bytes that images may take here. */
    long budget() {
        return budget;
    }

    /** The most bytes of images that were held or being read at a time so far. */
    synchronized long peakBytes() {
        return peakBytes;
    }

    /** Stops the threads, and waits until they have stopped. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        threads.forEach(Thread::interrupt);
        threads.forEach(Threads::join);
    }
}
