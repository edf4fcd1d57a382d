package io.densespark.data.decode;

import java.util.HashMap;
import java.util.Map;

/**
 * The first image file directory of a TIFF file, or of an Exif block, which is one: the byte order {@code II} or {@code
 * MM}, 42, the directory's offset; there, a count and so many entries of 12 bytes: tag, type, number of values, and the
 * values, or where they are if they take more than four bytes.
 */
final class TiffDirectory {
    static final int ORIENTATION = 274;

    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    private final FileBytes file;
    private final boolean littleEndian;

    /** Where each tag's entry is. */
    private final Map<Integer, Long> entries = new HashMap<>();

    private TiffDirectory(FileBytes file, boolean littleEndian) {
        this.file = file;
        this.littleEndian = littleEndian;
    }

    static TiffDirectory read(FileBytes file) throws UndecodableImageException {
        TiffDirectory directory = new TiffDirectory(file, file.has(0, "II"));
        if (directory.u16(2) != 42) {
            throw file.unsupported("BigTIFF");
        }
        long start = directory.u32(4);
        int count = directory.u16(start);
        for (int i = 0; i < count; i++) {
            long entry = start + 2 + 12L * i;
            file.require(entry, 12);
            directory.entries.putIfAbsent(directory.u16(entry), entry);
        }
        return directory;
    }

    /** The first value of a tag, or {@code absent} if the directory doesn't have it. */
    long value(int tag, long absent) throws UndecodableImageException {
        long[] values = values(tag);
        return values.length == 0 ? absent : values[0];
    }

    /** All values of a tag, none if the directory doesn't have it. */
    long[] values(int tag) throws UndecodableImageException {
        Long entry = entries.get(tag);
        if (entry == null) {
            return new long[0];
        }
        int type = u16(entry + 2);
        long count = u32(entry + 4);
        int size =
                switch (type) {
                    case BYTE -> 1;
                    case SHORT -> 2;
                    case LONG -> 4;
                    default -> throw file.damaged("its tag " + tag + " has values of type " + type);
                };
        long start = count * size <= 4 ? entry + 8 : u32(entry + 8);
        file.require(start, count * size);
        long[] values = new long[(int) count];
        for (int i = 0; i < values.length; i++) {
            long at = start + (long) i * size;
            values[i] = type == BYTE ? file.u8(at) : type == SHORT ? u16(at) : u32(at);
        }
        return values;
    }

    /** 1 to 8; anything else that a file may say counts as upright. */
    int orientation() throws UndecodableImageException {
        long orientation = value(ORIENTATION, RawImage.UPRIGHT);
        return orientation >= 1 && orientation <= 8 ? (int) orientation : RawImage.UPRIGHT;
    }

    /** Sets the value of a tag that has one of 16 bits in {@code copy}, a copy of the file; none if it isn't there. */
    void setShort(byte[] copy, int tag, int value) throws UndecodableImageException {
        Long entry = entries.get(tag);
        if (entry != null && u16(entry + 2) == SHORT && u32(entry + 4) == 1) {
            int at = (int) (entry + 8);
            copy[at] = (byte) (littleEndian ? value : value >> 8);
            copy[at + 1] = (byte) (littleEndian ? value >> 8 : value);
        }
    }

    private int u16(long at) throws UndecodableImageException {
        return littleEndian ? file.u16Little(at) : file.u16Big(at);
    }

    private long u32(long at) throws UndecodableImageException {
        return littleEndian ? file.u32Little(at) : file.u32Big(at);
    }
}
