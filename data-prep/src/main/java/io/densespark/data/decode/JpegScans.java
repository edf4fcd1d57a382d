package io.densespark.data.decode;

/**
 * Whether the scans of a JPEG file have a code for each block of the image, by walking over the Huffman codes. The library
 * takes middle grey for blocks that are missing, so that an image's last pixel mostly tells whether the walk is worth its
 * time.
 *
 * <p>Of progressive files the scans that make blocks' means are walked, of files with other codings none.
 */
final class JpegScans {
    private static final int MIDDLE = 128;

    private final FileBytes file;
    private final JpegHuffman[] means = new JpegHuffman[4];
    private final JpegHuffman[] details = new JpegHuffman[4];
    private int restartInterval;
    private int coding;
    private int height;
    private int width;
    private int largestDown;
    private int largestAcross;

    /** Each component's id, and its blocks in an MCU, down and across. */
    private int[][] components = new int[0][];

    JpegScans(FileBytes file) {
        this.file = file;
    }

    /** Whether an image's last pixel is one that the library may have made up. */
    static boolean endsInFilling(RawImage image) {
        byte[] values = image.values();
        for (int c = 1; c <= image.channels(); c++) {
            if ((values[values.length - c] & 0xff) != MIDDLE) {
                return false;
            }
        }
        return true;
    }

    /** Throws if a scan ends before its last block. To be called for a file that has an end of image. */
    void requireAllBlocks() throws UndecodableImageException {
        long at = JpegMarkers.next(file, JpegMarkers.FIRST);
        while (file.u8(at + 1) != JpegMarkers.END_OF_IMAGE) {
            int marker = file.u8(at + 1);
            long end = JpegMarkers.afterSegment(file, at);
            if (marker == JpegMarkers.HUFFMAN_TABLES) {
                readTables(at + 4, end);
            } else if (marker == JpegMarkers.RESTART_INTERVAL) {
                restartInterval = file.u16Big(at + 4);
            } else if (JpegMarkers.isFrame(marker)) {
                readFrame(at, marker);
            } else if (marker == JpegMarkers.START_OF_SCAN) {
                walk(at, end);
                end = JpegMarkers.afterScan(file, end);
            }
            at = JpegMarkers.next(file, end);
        }
    }

    private void readTables(long start, long end) throws UndecodableImageException {
        long at = start;
        while (at < end) {
            int id = file.u8(at);
            JpegHuffman table = JpegHuffman.read(file, at + 1);
            (id >> 4 == 0 ? means : details)[id & 3] = table;
            at += 1 + table.bytes();
        }
    }

    private void readFrame(long at, int marker) throws UndecodableImageException {
        coding = marker;
        height = file.u16Big(at + 5);
        width = file.u16Big(at + 7);
        components = new int[file.u8(at + 9)][];
        largestDown = 1;
        largestAcross = 1;
        for (int i = 0; i < components.length; i++) {
            int sampling = file.u8(at + 11 + 3L * i);
            components[i] = new int[] {file.u8(at + 10 + 3L * i), sampling & 15, sampling >> 4};
            largestDown = Math.max(largestDown, sampling & 15);
            largestAcross = Math.max(largestAcross, sampling >> 4);
        }
    }

    private void walk(long scan, long codes) throws UndecodableImageException {
        int count = file.u8(scan + 4);
        boolean firstOfMeans = file.u8(scan + 5 + 2L * count) == 0 && file.u8(scan + 7 + 2L * count) >> 4 == 0;
        boolean sequential = coding == JpegMarkers.BASELINE_FRAME || coding == JpegMarkers.EXTENDED_FRAME;
        if (!sequential && !(coding == JpegMarkers.PROGRESSIVE_FRAME && firstOfMeans)) {
            return;
        }
        int[][] chosen = new int[count][];
        JpegHuffman[][] tables = new JpegHuffman[count][];
        for (int i = 0; i < count; i++) {
            chosen[i] = component(file.u8(scan + 5 + 2L * i));
            int ids = file.u8(scan + 6 + 2L * i);
            tables[i] = new JpegHuffman[] {means[ids >> 4 & 3], details[ids & 3]};
        }
        long units = units(chosen);
        JpegBits bits = new JpegBits(file, codes);
        for (long unit = 0; unit < units; unit++) {
            if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0) {
                bits.passRestart();
            }
            for (int i = 0; i < count; i++) {
                int blocks = count == 1 ? 1 : chosen[i][1] * chosen[i][2];
                for (int block = 0; block < blocks; block++) {
                    passBlock(bits, tables[i], sequential);
                }
            }
        }
    }

    private int[] component(int id) throws UndecodableImageException {
        for (int[] component : components) {
            if (component[0] == id) {
                return component;
            }
        }
        throw file.damaged("a scan of a component that it doesn't have");
    }

    /** What a scan repeats: the blocks of its one component, or groups of blocks of all. */
    private long units(int[][] chosen) {
        if (chosen.length > 1) {
            return (long) ceilDiv(height, 8 * largestDown) * ceilDiv(width, 8 * largestAcross);
        }
        int down = ceilDiv(ceilDiv(height * chosen[0][1], largestDown), 8);
        return (long) down * ceilDiv(ceilDiv(width * chosen[0][2], largestAcross), 8);
    }

    private void passBlock(JpegBits bits, JpegHuffman[] tables, boolean withDetails) throws UndecodableImageException {
        bits.pass(bits.code(tables[0]));
        for (int k = 1; withDetails && k < 64; k++) {
            int code = bits.code(tables[1]);
            int size = code & 15;
            if (size == 0 && code != 0xf0) {
                return;
            }
            bits.pass(size);
            k += code >> 4;
        }
    }

    private static int ceilDiv(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
