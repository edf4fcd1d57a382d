package io.densespark.data.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A walk through the image files of a folder and those below it; only folders are remembered, since there may be millions of
 * files. Links are followed, but for those that lead up. A listing that fails on the way is thrown as {@link UncheckedIOException}.
 */
public final class ImageFolder implements Iterator<Path> {
    private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "jpe", "png", "webp", "gif", "bmp", "tif", "tiff");

    private final FileSystem files;
    private final Deque<Path> left = new ArrayDeque<>();
    private RemoteIterator<FileStatus> content;
    private Optional<Path> next;

    /** @throws IOException if the folder can't be listed */
    public ImageFolder(FileSystem files, Path folder) throws IOException {
        this.files = files;
        content = files.listStatusIterator(folder);
        next = find();
    }

    /** Whether names of image files end so, after a dot; in letters of either case. */
    public static boolean isEnding(String ending) {
        return ENDINGS.contains(ending.toLowerCase(Locale.ROOT));
    }

    private static boolean isImage(String name) {
        int dot = name.lastIndexOf('.');
        return dot >= 0 && isEnding(name.substring(dot + 1));
    }

    /** Whether a file or folder isn't for people. */
    public static boolean isHidden(Path path) {
        return path.getName().startsWith(".") || path.getName().startsWith("_");
    }

    /** Whether a walk leaves it out; cameras begin the names of photographs with an underscore, too. */
    public static boolean isPassedOver(FileStatus status) {
        return status.isDirectory()
                ? isHidden(status.getPath())
                : status.getPath().getName().startsWith(".");
    }

    /** Whether a folder of a local disk is a link to one that it lies in: whoever follows it walks in circles. */
    private boolean leadsUp(Path folder) throws IOException {
        if (!"file".equals(files.getUri().getScheme())) {
            return false;
        }
        java.nio.file.Path local = java.nio.file.Path.of(folder.toUri().getPath());
        return Files.isSymbolicLink(local)
                && local.resolveSibling("").toRealPath().startsWith(local.toRealPath());
    }

    private Optional<Path> find() throws IOException {
        while (true) {
            while (content.hasNext()) {
                FileStatus status = content.next();
                Path path = status.getPath();
                if (isPassedOver(status)) {
                    continue;
                }
                if (status.isDirectory()) {
                    if (!leadsUp(path)) {
                        left.add(path);
                    }
                } else if (isImage(path.getName())) {
                    return Optional.of(path);
                }
            }
            if (left.isEmpty()) {
                return Optional.empty();
            }
            content = files.listStatusIterator(left.remove());
        }
    }

    @Override
    public boolean hasNext() {
        return next.isPresent();
    }

    @Override
    public Path next() {
        Path path = next.orElseThrow(NoSuchElementException::new);
        try {
            next = find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return path;
    }
}
