package io.densespark.data.decode;

import org.jspecify.annotations.Nullable;

/** The bits of a scan of a JPEG file, the high one of each byte first; they end at a marker. */
final class JpegBits {
    private final FileBytes file;
    private long at;
    private int current;
    private int left;

    JpegBits(FileBytes file, long start) {
        this.file = file;
        this.at = start;
    }

    int bit() throws UndecodableImageException {
        if (left == 0) {
            current = file.u8(at);
            if (current == 0xff) {
                if (file.u8(at + 1) != 0) {
                    throw file.damaged("a scan ends before its last block");
                }
                at++;
            }
            at++;
            left = 8;
        }
        left--;
        return current >> left & 1;
    }

    void pass(int bits) throws UndecodableImageException {
        for (int i = 0; i < bits; i++) {
            bit();
        }
    }

    int code(@Nullable JpegHuffman table) throws UndecodableImageException {
        if (table == null) {
            throw file.damaged("a scan without its Huffman table");
        }
        return table.decode(this);
    }

    /** Goes on after the next restart marker, which must follow. */
    void passRestart() throws UndecodableImageException {
        left = 0;
        while (file.u8(at) == 0xff && file.u8(at + 1) == 0xff) {
            at++;
        }
        if (file.u8(at) != 0xff || !JpegMarkers.isRestart(file.u8(at + 1))) {
            throw file.damaged("a restart marker is missing");
        }
        at += 2;
    }

    UndecodableImageException noSuchCode() {
        return file.damaged("a scan has a code that its Huffman table doesn't have");
    }
}
