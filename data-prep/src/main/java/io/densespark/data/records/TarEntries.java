package io.densespark.data.records;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** The entries of an archive, which tells whether it was read to the mark of its end or is cut off between two of them. */
final class TarEntries extends TarArchiveInputStream {
    private boolean hasEnd;

    TarEntries(InputStream in) {
        super(in, StandardCharsets.UTF_8.name());
    }

    /** The library takes both for the end: a record of zeros, and none (null). */
    @Override
    protected boolean isEOFRecord(byte @Nullable [] record) {
        boolean isEnd = super.isEOFRecord(record);
        hasEnd |= isEnd && record != null;
        return isEnd;
    }

    /** @throws IOException if there was no mark of the end */
    void requireEnd() throws IOException {
        if (!hasEnd) {
            throw new EOFException("it is cut off");
        }
    }
}
