package io.densespark.spark.store;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The local disk as {@code stale:/...}, with the habits of an object store that isn't consistent: until it {@linkplain #catchUp
 * catches up} its listings have nothing new, and who reads a file that was replaced gets the old one.
 */
public final class StaleFileSystem extends RawLocalFileSystem {
    private final Set<Path> unlisted = ConcurrentHashMap.newKeySet();
    private final Map<Path, java.nio.file.Path> replaced = new ConcurrentHashMap<>();

    /** Settings by which Hadoop knows it. */
    public static Configuration configuration() {
        Configuration conf = new Configuration();
        conf.setClass("fs.stale.impl", StaleFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
        return conf;
    }

    @Override
    public String getScheme() {
        return "stale";
    }

    @Override
    public URI getUri() {
        return URI.create("stale:///");
    }

    /** From now on everybody sees what is there. */
    public void catchUp() {
        unlisted.clear();
        replaced.clear();
    }

    @Override
    public boolean mkdirs(Path folder, FsPermission permission) throws IOException {
        if (!exists(folder)) {
            unlisted.add(makeQualified(folder));
        }
        return super.mkdirs(folder, permission);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        Path target = makeQualified(to);
        if (!exists(target)) {
            unlisted.add(target);
        } else if (!replaced.containsKey(target)) {
            java.nio.file.Path old =
                    Files.createTempFile(pathToFile(target).toPath().getParent(), ".stale-", "");
            Files.copy(pathToFile(target).toPath(), old, StandardCopyOption.REPLACE_EXISTING);
            replaced.put(target, old);
        }
        return super.rename(from, to);
    }

    @Override
    public FileStatus[] listStatus(Path folder) throws IOException {
        return Arrays.stream(super.listStatus(folder))
                .filter(file -> !unlisted.contains(makeQualified(file.getPath()))
                        && !file.getPath().getName().startsWith(".stale-"))
                .toArray(FileStatus[]::new);
    }

    @Override
    public FSDataInputStream open(Path file, int bufferSize) throws IOException {
        java.nio.file.Path old = replaced.get(makeQualified(file));
        return super.open(old == null ? file : new Path(getUri().getScheme(), null, old.toString()), bufferSize);
    }
}
