package io.densespark.data.decode;

/**
 * A Huffman table of a JPEG file: how many codes of 1 to 16 bits there are, and what they stand for, in the order of their
 * length and value; codes count upwards, and a bit longer, twice as high.
 */
final class JpegHuffman {
    private static final int LONGEST = 16;

    private final int[] counts = new int[LONGEST + 1];
    private final int[] symbols;

    private JpegHuffman(int symbols) {
        this.symbols = new int[symbols];
    }

    static JpegHuffman read(FileBytes file, long at) throws UndecodableImageException {
        int all = 0;
        for (int bits = 1; bits <= LONGEST; bits++) {
            all += file.u8(at + bits - 1);
        }
        JpegHuffman table = new JpegHuffman(all);
        for (int bits = 1; bits <= LONGEST; bits++) {
            table.counts[bits] = file.u8(at + bits - 1);
        }
        for (int i = 0; i < all; i++) {
            table.symbols[i] = file.u8(at + LONGEST + i);
        }
        return table;
    }

    /** What it takes in the file. */
    int bytes() {
        return LONGEST + symbols.length;
    }

    /** What the next code stands for. */
    int decode(JpegBits bits) throws UndecodableImageException {
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code |= bits.bit();
            if (code - first < counts[length]) {
                return symbols[index + code - first];
            }
            index += counts[length];
            first = (first + counts[length]) << 1;
            code <<= 1;
        }
        throw bits.noSuchCode();
    }
}
