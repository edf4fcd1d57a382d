package io.densespark.data.batch;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the images of a rank lie: in the heap as far as they may, and beyond that in a file of a local folder. The file's
 * name is gone once it is open, so that not even a killed process leaves one behind.
 *
 * <p>One thread fills it; any number may then read what it keeps, until it is closed.
 */
public final class ImageSpool implements AutoCloseable {
    private final long heapBytes;
    private final Path folder;
    private long inHeap;
    private long inFile;
    /** Not a channel: those close when a thread that reads is interrupted, as batch loaders are. */
    private Optional<RandomAccessFile> file = Optional.empty();

    /**
     * An empty spool; it makes its file when it needs one.
     *
     * @param heapBytes of heap that images may take
     * @param folder that exists, on a local disk
     */
    public ImageSpool(long heapBytes, Path folder) {
        this.heapBytes = heapBytes;
        this.folder = folder;
    }

    /** Whether so many bytes more can be kept in the heap; else {@link #keep} writes them to the file. */
    boolean hasHeapFor(long bytes) {
        return inHeap + bytes <= heapBytes;
    }

    /**
     * Keeps images.
     *
     * @param pixels the spool's own from now on, if it {@linkplain #hasHeapFor has heap} for all of the array
     * @param length bytes of the array that are images
     * @throws SpoolException if the file can't be written
     */
    PixelChunk keep(byte[] pixels, int length) {
        if (hasHeapFor(pixels.length)) {
            inHeap += pixels.length;
            return PixelChunk.of(pixels);
        }
        try {
            RandomAccessFile open = open();
            long position = inFile;
            open.seek(position);
            open.write(pixels, 0, length);
            inFile += length;
            return new InFile(open, position);
        } catch (IOException e) {
            throw new SpoolException(folder, e);
        }
    }

    private RandomAccessFile open() throws IOException {
        if (file.isEmpty()) {
            Path path = Files.createTempFile(folder, "densespark-images-", null);
            try {
                file = Optional.of(new RandomAccessFile(path.toFile(), "rw"));
            } finally {
                Files.delete(path);
            }
        }
        return file.get();
    }

    /** Bytes of images that lie in the file. */
    public long spooledBytes() {
        return inFile;
    }

    private final class InFile implements PixelChunk {
        private final RandomAccessFile open;
        private final long position;

        InFile(RandomAccessFile open, long position) {
            this.open = open;
            this.position = position;
        }

        @Override
        public byte[] array(int start, byte[] spare) {
            synchronized (open) {
                try {
                    open.seek(position + start);
                    open.readFully(spare);
                } catch (IOException e) {
                    throw new SpoolException(folder, e);
                }
            }
            return spare;
        }

        @Override
        public int offset(int start) {
            return 0;
        }
    }

    /** Gives the file's room back. */
    @Override
    public void close() {
        try {
            if (file.isPresent()) {
                file.get().close();
            }
        } catch (IOException e) {
            throw new SpoolException(folder, e);
        }
    }
}
