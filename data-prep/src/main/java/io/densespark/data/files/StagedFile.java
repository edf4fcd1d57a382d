package io.densespark.data.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * The one way in which files are written, on any Hadoop file system: under a hidden name beside their place (see
 * {@link Leftovers}), closed, looked at, and renamed. A file is whole, or it isn't there. Where the file system can replace a
 * file in one act (local disks, HDFS), the old one is there until the new one is; where it can't (object stores), there may
 * be none for a moment.
 */
public final class StagedFile {
    private static final int BUFFER = 1 << 16;

    private StagedFile() {}

    /** Writes the content of a file to a stream, which it leaves open. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;

        static Content of(byte[] bytes) {
            return out -> out.write(bytes);
        }
    }

    /**
     * What was written.
     *
     * @param bytes length
     * @param sha256 in hexadecimal
     */
    public record Written(long bytes, String sha256) {}

    /**
     * Writes a file, in place of one that may be there; folders above it are made.
     *
     * @throws IOException if it can't be written. What was there before is there still, or the message tells where the new
     *     file is.
     */
    public static Written write(Path target, Configuration conf, Content content) throws IOException {
        PlainFiles files = PlainFiles.of(target, conf);
        Path staged = Leftovers.writing(target);
        Written written = stage(files, staged, content);
        boolean existed = files.system().exists(target);
        try {
            files.replace(staged, target);
        } catch (IOException | RuntimeException e) {
            if (existed && isGone(target, files.system(), e)) {
                throw new IOException(
                        "the old " + target + " is gone, and the new one, which is complete, can't be renamed from "
                                + staged + ": rename it yourself",
                        e);
            }
            delete(staged, files.system(), e);
            throw e;
        }
        return written;
    }

    /**
     * Writes a file where none is; folders above it are made.
     *
     * @throws IOException if it can't be written, or something has appeared there meanwhile; nothing is left then
     */
    public static Written writeNew(Path target, Configuration conf, Content content) throws IOException {
        PlainFiles files = PlainFiles.of(target, conf);
        Path staged = Leftovers.writing(target);
        Written written = stage(files, staged, content);
        try {
            files.place(staged, target);
        } catch (IOException | RuntimeException e) {
            delete(staged, files.system(), e);
            throw e;
        }
        return written;
    }

    /**
     * Finds out before the work whether files can be written in a folder. Nothing is left: a folder that isn't there is not
     * made, but the one above it that is there is tried.
     *
     * @throws IOException if they can't
     */
    public static void requireWritable(Path folder, Configuration conf) throws IOException {
        PlainFiles files = PlainFiles.of(folder, conf);
        Path existing = files.system().makeQualified(folder);
        while (!existing.isRoot() && !files.system().exists(existing)) {
            existing = existing.getParent();
        }
        if (!files.system().getFileStatus(existing).isDirectory()) {
            throw new IOException(existing + " is a file");
        }
        Path probe = Leftovers.writing(new Path(existing, "probe"));
        files.create(probe).close();
        files.system().delete(probe, false);
    }

    private static Written stage(PlainFiles files, Path staged, Content content) throws IOException {
        try {
            return create(files, staged, content);
        } catch (IOException | RuntimeException e) {
            delete(staged, files.system(), e);
            throw e;
        }
    }

    private static boolean isGone(Path target, FileSystem files, Exception cause) {
        try {
            return !files.exists(target);
        } catch (IOException e) {
            cause.addSuppressed(e);
            return true;
        }
    }

    private static void delete(Path staged, FileSystem files, Exception cause) {
        try {
            files.delete(staged, false);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Writes a file under a name that nobody takes for a complete file yet.
     *
     * @throws IOException if it can't be written, or isn't as long afterwards as what was written
     */
    public static Written create(PlainFiles files, Path path, Content content) throws IOException {
        MessageDigest digest = Sha256.digest();
        long bytes;
        FSDataOutputStream file = files.create(path);
        try {
            OutputStream out =
                    new BufferedOutputStream(new DigestOutputStream(new LocalErrors(file, path), digest), BUFFER);
            content.writeTo(out);
            out.flush();
            bytes = file.getPos();
            if (file.hasCapability(StreamCapabilities.HSYNC)) {
                // Otherwise a machine that loses power may keep the name without the bytes.
                file.hsync();
            }
        } catch (IOException | RuntimeException e) {
            abandon(file, e);
            throw e;
        }
        // A file system may find out only now that it has no room.
        file.close();
        long found = files.system().getFileStatus(path).getLen();
        if (found != bytes) {
            throw new IOException(path + " has " + found + " bytes where " + bytes + " were written");
        }
        return new Written(bytes, Sha256.hex(digest));
    }

    /** HDFS throws the same exception once more, which can't be suppressed by itself. */
    private static void abandon(FSDataOutputStream file, Exception cause) {
        try {
            file.close();
        } catch (IOException e) {
            if (e != cause) {
                cause.addSuppressed(e);
            }
        }
    }
}
