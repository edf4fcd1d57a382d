package io.densespark.data.decode;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Lets one process at a time unpack and load OpenCV. JavaCPP itself locks each file while it writes it: a process that
 * loads a library then finds beside it another one, which it needs, half written by a neighbour that shares the folder.
 */
final class LoadLock implements AutoCloseable {
    private static final String FILE = "densespark-opencv.lock";

    /** Null where the folder can't be written: then everything is unpacked already, or JavaCPP will say what is wrong. */
    private final @Nullable FileChannel channel;

    private LoadLock(@Nullable FileChannel channel) {
        this.channel = channel;
    }

    /** Knows the folder in which JavaCPP unpacks. */
    @FunctionalInterface
    interface Folder {
        File find() throws IOException;
    }

    /** Waits until no other process loads from the folder. */
    static LoadLock take(Folder folder) {
        try {
            Path file = folder.find().toPath().resolve(FILE);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                channel.lock();
            } catch (IOException | OverlappingFileLockException e) {
                // File systems without locks, and other class loaders of this process, which load in turn anyway.
                channel.close();
                return new LoadLock(null);
            }
            return new LoadLock(channel);
        } catch (IOException e) {
            return new LoadLock(null);
        }
    }

    @Override
    public void close() {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
