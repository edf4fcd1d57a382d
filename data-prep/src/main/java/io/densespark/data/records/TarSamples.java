package io.densespark.data.records;

import com.github.luben.zstd.ZstdInputStream;
import io.densespark.data.DataException;
import io.densespark.data.files.ImageFolder;
import io.densespark.data.files.Obstacle;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.hadoop.fs.Path;

/** The samples of an archive in their order: entries that follow each other and have one name up to its first dot. */
final class TarSamples implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int MOST_BYTES = 512 << 20;
    private static final int MOST_LABEL_BYTES = 1 << 10;
    private static final String LABEL = "cls";

    private final Path archive;
    private final boolean withImages;
    private final TarEntries entries;
    private Optional<TarSample> begun = Optional.empty();
    private String last = "its beginning";

    /**
     * Takes the stream over.
     *
     * @throws DataException if it isn't compressed as the archive's name says
     */
    TarSamples(Path archive, InputStream bytes, boolean withImages) {
        this.archive = archive;
        this.withImages = withImages;
        try {
            entries = new TarEntries(uncompressed(bytes));
        } catch (IOException e) {
            closeQuietly(bytes);
            throw damaged(e);
        }
    }

    private InputStream uncompressed(InputStream bytes) throws IOException {
        String name = archive.getName().toLowerCase(Locale.ROOT);
        if (name.endsWith("gz")) {
            return new BufferedInputStream(new GZIPInputStream(bytes, BUFFER), BUFFER);
        }
        return new BufferedInputStream(name.endsWith(".zst") ? new ZstdInputStream(bytes) : bytes, BUFFER);
    }

    /**
     * The next sample that has an image or a label.
     *
     * @throws DataException if the archive is damaged or cut off, or can't be read
     */
    Optional<ImageRecord> next() {
        try {
            for (ArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (!((TarArchiveEntry) entry).isCheckSumOK()) {
                    throw new IOException("the checksum of the next entry is wrong");
                }
                last = entry.getName();
                Optional<TarSample> ended = add((TarArchiveEntry) entry);
                if (ended.isPresent()) {
                    return ended.map(this::record);
                }
            }
            entries.requireEnd();
        } catch (IOException | RuntimeException e) {
            // Of a damaged header the library throws what comes of it.
            throw e instanceof DataException known ? known : damaged(e);
        }
        Optional<TarSample> ended = begun;
        begun = Optional.empty();
        return ended.map(this::record);
    }

    /** Adds an entry to the sample that it belongs to; gives the one before, if that is whole now. */
    private Optional<TarSample> add(TarArchiveEntry entry) throws IOException {
        TarName name = TarName.of(entry.getName());
        boolean isLabel = name.ending().equals(LABEL);
        if (!entry.isFile() || name.isHidden() || !(isLabel || ImageFolder.isEnding(name.ending()))) {
            return Optional.empty();
        }
        Optional<TarSample> ended = begun.filter(sample -> !sample.name().isOf(name));
        if (begun.isEmpty() || ended.isPresent()) {
            begun = Optional.of(new TarSample(name));
        }
        TarSample sample = begun.orElseThrow();
        if (isLabel) {
            sample.setLabel(new String(read(entry, MOST_LABEL_BYTES), StandardCharsets.UTF_8).strip());
        } else {
            sample.addImage(entry.getName(), withImages ? read(entry, MOST_BYTES) : new byte[0]);
        }
        return ended;
    }

    private byte[] read(TarArchiveEntry entry, int most) throws IOException {
        if (entry.getSize() > most) {
            throw new DataException(archive + " has an entry " + entry.getName() + " of " + entry.getSize()
                    + " bytes, where at most " + most + " are expected: leave it out");
        }
        byte[] bytes = entries.readNBytes((int) entry.getSize());
        if (bytes.length < entry.getSize()) {
            throw new IOException("it ends within an entry");
        }
        return bytes;
    }

    private ImageRecord record(TarSample sample) {
        return sample.record(archive.getName(), withImages);
    }

    private DataException damaged(Exception error) {
        return new DataException(
                archive + " can't be read behind " + last + " (" + Obstacle.reason(error)
                        + "): if it is damaged, copy it or make it again",
                error);
    }

    @Override
    public void close() {
        closeQuietly(entries);
    }

    private static void closeQuietly(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
