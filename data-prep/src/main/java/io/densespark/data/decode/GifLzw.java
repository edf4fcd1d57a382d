package io.densespark.data.decode;

/**
 * GIF's LZW codes, in sub-blocks: the low bit first, of one bit more than a color has up to 12. The two codes after the
 * colors clear the table and end the image. Each other code stands for a string of colors in the table, and adds one to it:
 * the string of the code before and the first color of its own.
 */
final class GifLzw {
    private static final int TABLE = 4096;

    private final FileBytes file;
    private final int colorBits;
    private long at;
    private int leftInBlock;
    private int pending;
    private int pendingBits;

    /** @param start where the size of a color is, before the sub-blocks */
    GifLzw(FileBytes file, long start) throws UndecodableImageException {
        this.file = file;
        this.colorBits = file.u8(start);
        this.at = start + 1;
        if (colorBits < 1 || colorBits > 8) {
            throw file.damaged("colors of " + colorBits + " bits");
        }
    }

    /** Decodes as many colors as the array takes; the end before is damage. */
    void decode(byte[] colors) throws UndecodableImageException {
        int clear = 1 << colorBits;
        int end = clear + 1;
        int[] previous = new int[TABLE];
        byte[] last = new byte[TABLE];
        int[] lengths = new int[TABLE];
        for (int i = 0; i < clear; i++) {
            last[i] = (byte) i;
            lengths[i] = 1;
        }
        int next = end + 1;
        int bits = colorBits + 1;
        int before = -1;
        int filled = 0;
        while (filled < colors.length) {
            int code = code(bits);
            if (code == clear) {
                next = end + 1;
                bits = colorBits + 1;
                before = -1;
                continue;
            }
            if (code == end || code > next || (code == next && before < 0)) {
                throw file.damaged("its image ends after " + filled + " of " + colors.length + " pixels");
            }
            if (before >= 0 && next < TABLE) {
                previous[next] = before;
                lengths[next] = lengths[before] + 1;
                last[next] = first(code == next ? before : code, previous, last, lengths);
                next++;
                if (next == 1 << bits && bits < 12) {
                    bits++;
                }
            }
            // What a last string has beyond the image is dropped.
            int entry = code;
            for (int i = filled + lengths[code] - 1; i >= filled; i--) {
                if (i < colors.length) {
                    colors[i] = last[entry];
                }
                entry = previous[entry];
            }
            filled += lengths[code];
            before = code;
        }
    }

    private static byte first(int code, int[] previous, byte[] last, int[] lengths) {
        int entry = code;
        for (int i = lengths[code]; i > 1; i--) {
            entry = previous[entry];
        }
        return last[entry];
    }

    private int code(int bits) throws UndecodableImageException {
        while (pendingBits < bits) {
            if (leftInBlock == 0) {
                leftInBlock = file.u8(at++);
                if (leftInBlock == 0) {
                    throw file.damaged("its image has too few codes");
                }
            }
            pending |= file.u8(at++) << pendingBits;
            pendingBits += 8;
            leftInBlock--;
        }
        int code = pending & ((1 << bits) - 1);
        pending >>>= bits;
        pendingBits -= bits;
        return code;
    }
}
