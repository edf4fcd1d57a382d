package io.densespark.data.files;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A small file that is written whole or not at all. */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Writes a file under another name first, {@link #draft}, so that neither a full disk nor a killed process leaves a
     * part of it.
     *
     * @throws IOException if it can't be written; one that was there is then there still, or gone, but never cut
     */
    public static void write(FileSystem fileSystem, Path file, byte[] content) throws IOException {
        Path draft = draft(file);
        try {
            try (OutputStream out = fileSystem.create(draft, true)) {
                out.write(content);
            }
            // Hadoop's rename doesn't replace.
            fileSystem.delete(file, false);
            if (!fileSystem.rename(draft, file)) {
                throw new IOException("it can't be renamed from " + draft.getName());
            }
        } finally {
            fileSystem.delete(draft, false);
        }
    }

    /** The name under which a file is written; one that is there was left by a process that was killed. */
    public static Path draft(Path file) {
        return new Path(file.getParent(), "." + file.getName() + ".draft");
    }
}
