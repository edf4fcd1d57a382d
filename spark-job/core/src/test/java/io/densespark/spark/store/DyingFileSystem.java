package io.densespark.spark.store;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk as {@code dying:/...}, as a process sees it that is killed at a chosen moment: from then on nothing that it
 * does has an effect, tidying up neither.
 */
public final class DyingFileSystem extends RawLocalFileSystem {
    private static final String MOMENT = "test.dying.moment";
    private static final String FILE = "test.dying.file";
    /** How many files have been made: an instance lives for one call only. */
    private static final String FILES = "test.dying.files";

    private static final String DEAD = "test.dying.dead";
    private static final int HALF = 20;

    /** When the process dies, counted within the writing of one file. */
    public enum Moment {
        BEFORE_CREATE,
        AFTER_CREATE,
        IN_THE_MIDDLE,
        BEFORE_RENAME,
        AFTER_RENAME
    }

    /** A configuration of a process that lives. */
    public static Configuration living() {
        Configuration conf = new Configuration();
        conf.setClass("fs.dying.impl", DyingFileSystem.class, FileSystem.class);
        conf.setBoolean("fs.dying.impl.disable.cache", true);
        return conf;
    }

    /** A configuration of a process that dies while it writes its file of that number, from 1 on. */
    public static Configuration dyingAt(Moment moment, int file) {
        Configuration conf = living();
        conf.setEnum(MOMENT, moment);
        conf.setInt(FILE, file);
        return conf;
    }

    @Override
    public URI getUri() {
        return URI.create("dying:///");
    }

    private boolean isAt(Moment moment) {
        return getConf().get(MOMENT, "").equals(moment.name())
                && getConf().getInt(FILES, 0) == getConf().getInt(FILE, 1);
    }

    private void dieIfAt(Moment moment) throws IOException {
        if (isAt(moment)) {
            getConf().setBoolean(DEAD, true);
        }
        requireAlive();
    }

    private void requireAlive() throws IOException {
        if (getConf().getBoolean(DEAD, false)) {
            throw new IOException("the process is dead");
        }
    }

    @Override
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        getConf().setInt(FILES, getConf().getInt(FILES, 0) + 1);
        dieIfAt(Moment.BEFORE_CREATE);
        FSDataOutputStream out = super.create(path, overwrite, bufferSize, replication, blockSize, progress);
        dieIfAt(Moment.AFTER_CREATE);
        return isAt(Moment.IN_THE_MIDDLE) ? new FSDataOutputStream(new Half(out), null) : out;
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        dieIfAt(Moment.BEFORE_RENAME);
        boolean done = super.rename(from, to);
        dieIfAt(Moment.AFTER_RENAME);
        return done;
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        requireAlive();
        return super.delete(path, recursive);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        requireAlive();
        return super.getFileStatus(path);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        requireAlive();
        return super.open(path, bufferSize);
    }

    private final class Half extends OutputStream {
        private final OutputStream out;
        private int left = HALF;

        Half(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            if (left-- == 0) {
                dieIfAt(Moment.IN_THE_MIDDLE);
            }
            out.write(value);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
