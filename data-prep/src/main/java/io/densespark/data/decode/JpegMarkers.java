package io.densespark.data.decode;

/**
 * The markers of a JPEG file, each 0xFF and a byte, and how to go from one to the next. Most have a segment: a length of two
 * bytes, which counts itself, and content. After a start of scan's segment, entropy-coded bytes follow.
 */
final class JpegMarkers {
    static final int BASELINE_FRAME = 0xc0;
    static final int EXTENDED_FRAME = 0xc1;
    static final int PROGRESSIVE_FRAME = 0xc2;
    static final int HUFFMAN_TABLES = 0xc4;
    static final int END_OF_IMAGE = 0xd9;
    static final int START_OF_SCAN = 0xda;
    static final int RESTART_INTERVAL = 0xdd;
    static final int APP1 = 0xe1;

    /** After the start of image. */
    static final int FIRST = 2;

    private static final int LAST_FRAME = 0xcf;
    private static final int EXTENSIONS = 0xc8;
    private static final int ARITHMETIC_CODING = 0xcc;
    private static final int FIRST_RESTART = 0xd0;
    private static final int LAST_RESTART = 0xd7;
    private static final int START_OF_IMAGE = 0xd8;
    private static final int TEMPORARY = 0x01;

    private JpegMarkers() {}

    /** Whether a marker begins a frame header, of whatever coding. */
    static boolean isFrame(int marker) {
        return marker >= BASELINE_FRAME
                && marker <= LAST_FRAME
                && marker != HUFFMAN_TABLES
                && marker != EXTENSIONS
                && marker != ARITHMETIC_CODING;
    }

    static boolean isRestart(int marker) {
        return marker >= FIRST_RESTART && marker <= LAST_RESTART;
    }

    /** Where the next marker is, from a place on; decoders pass over bytes before it, and over fill bytes. */
    static long next(FileBytes file, long from) throws UndecodableImageException {
        return next(file, from, false);
    }

    /** Where the first marker after a scan's bytes is: the next one that isn't a restart. */
    static long afterScan(FileBytes file, long from) throws UndecodableImageException {
        return next(file, from, true);
    }

    private static long next(FileBytes file, long from, boolean passRestarts) throws UndecodableImageException {
        byte[] data = file.array();
        for (int at = (int) from; at < data.length - 1; at++) {
            if (data[at] == (byte) 0xff) {
                int marker = data[at + 1] & 0xff;
                if (marker != 0 && marker != 0xff && !(passRestarts && isRestart(marker))) {
                    return at;
                }
            }
        }
        throw file.truncated();
    }

    /** Where the segment of the marker at {@code at} ends. */
    static long afterSegment(FileBytes file, long at) throws UndecodableImageException {
        int marker = file.u8(at + 1);
        if (isRestart(marker) || marker == START_OF_IMAGE || marker == TEMPORARY) {
            return at + 2;
        }
        int length = file.u16Big(at + 2);
        if (length < 2) {
            throw file.damaged("a segment of " + length + " bytes");
        }
        file.require(at + 2, length);
        return at + 2 + length;
    }
}
