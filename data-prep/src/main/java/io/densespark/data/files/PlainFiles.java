package io.densespark.data.files;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A Hadoop file system without Hadoop's own checksum files: on a local disk those are hidden files beside the users', which
 * only puzzle, and a reader who meets damage by them gets an error that looks as if it might pass.
 */
public final class PlainFiles {
    private final FileSystem given;
    private final FileSystem plain;

    private PlainFiles(FileSystem given) {
        this.given = given;
        plain = given instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : given;
    }

    /** The file system that {@code path} lies on. Hadoop shares it with all of the process: it is not closed. */
    public static PlainFiles of(Path path, Configuration conf) throws IOException {
        return new PlainFiles(FileSystems.of(conf, path));
    }

    public FileSystem system() {
        return plain;
    }

    public FSDataOutputStream create(Path file) throws IOException {
        forgetChecksumOf(file);
        return plain.create(file, true);
    }

    /**
     * Puts a file where none is.
     *
     * @throws FileAlreadyExistsException if there is one
     */
    public void place(Path from, Path to) throws IOException {
        // A rename onto a folder would move into it, one onto a local file would replace it.
        if (plain.exists(to)) {
            throw new FileAlreadyExistsException(to + " has appeared meanwhile");
        }
        rename(from, to);
    }

    /** Puts a file in the place of another, in one act where the file system can; otherwise there may be none for a moment. */
    public void replace(Path from, Path to) throws IOException {
        if (plain instanceof RawLocalFileSystem) {
            // The operating system's rename replaces; Hadoop's way of replacing on it would delete first.
            rename(from, to);
        } else {
            forgetChecksumOf(to);
            new Replacing(plain).replace(from, to);
        }
    }

    private void rename(Path from, Path to) throws IOException {
        forgetChecksumOf(to);
        if (!plain.rename(from, to)) {
            throw new IOException(from.getName() + " can't be renamed to " + to);
        }
    }

    /** A checksum file of an earlier file would make the new one look damaged to those who read it with checksums. */
    private void forgetChecksumOf(Path file) throws IOException {
        if (given instanceof ChecksumFileSystem checked) {
            plain.delete(checked.getChecksumFile(file), false);
        }
    }

    /** The way to a rename that replaces, which file systems show to their own kind only. */
    private static final class Replacing extends FilterFileSystem {
        Replacing(FileSystem files) {
            super(files);
        }

        void replace(Path from, Path to) throws IOException {
            rename(from, to, Rename.OVERWRITE);
        }
    }
}
