package io.densespark.data.decode;

import java.util.Arrays;

/**
 * The length of what TIFF's LZW packs. Codes have 9 to 12 bits, the high bit first; 256 clears the table, 257 ends. Each
 * other code stands for a string in the table, and adds one to it: the string of the code before and one byte more. So the
 * length of each string is all that must be known of it.
 */
final class TiffLzw {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int TABLE = 4096;

    private TiffLzw() {}

    /**
     * The length, or some number from {@code needed} on if it is at least that; a code that can't be ends the data.
     *
     * @param offset of the packed data
     * @param bytes of the packed data
     */
    static long length(byte[] data, int offset, int bytes, long needed) {
        int[] lengths = new int[TABLE];
        Arrays.fill(lengths, 0, CLEAR, 1);
        int next = END + 1;
        int bits = 9;
        int before = 0;
        long length = 0;
        long at = 0;
        while (length < needed && at + bits <= 8L * bytes) {
            int code = code(data, offset, at, bits);
            at += bits;
            if (code == END) {
                return length;
            }
            if (code == CLEAR) {
                next = END + 1;
                bits = 9;
                before = 0;
                continue;
            }
            if (before > 0 && next < TABLE) {
                lengths[next++] = before + 1;
            }
            if (code >= next) {
                return length;
            }
            before = lengths[code];
            length += before;
            // One code early: the writer's table is one ahead.
            if (next + 1 >= 1 << bits && bits < 12) {
                bits++;
            }
        }
        return length;
    }

    private static int code(byte[] data, int offset, long at, int bits) {
        int code = 0;
        for (long bit = at; bit < at + bits; bit++) {
            code = code << 1 | (data[offset + (int) (bit >> 3)] >> (7 - (int) (bit & 7)) & 1);
        }
        return code;
    }
}
