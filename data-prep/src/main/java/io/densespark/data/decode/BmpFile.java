package io.densespark.data.decode;

/**
 * A BMP file: 14 bytes, among them where the pixels begin; a header of 12 bytes (OS/2) or of 40 and more (Windows); a
 * palette; and rows, filled up to four bytes, the last one first unless the height is negative.
 */
final class BmpFile implements EncodedFile {
    private static final int HEADER = 14;
    private static final int RGB = 0;
    private static final int BIT_FIELDS = 3;
    private static final int SIX_BITS_OF_GREEN = 0x7e0;

    private final FileBytes file;

    BmpFile(byte[] encoded) {
        this.file = new FileBytes(encoded, ImageFormat.BMP);
    }

    @Override
    public ImageHeader header() throws UndecodableImageException {
        if (isOs2()) {
            return ImageHeader.of(file, ImageFormat.BMP, file.u16Little(HEADER + 6), file.u16Little(HEADER + 4));
        }
        int height = (int) file.u32Little(HEADER + 8);
        return ImageHeader.of(file, ImageFormat.BMP, Math.abs((long) height), file.u32Little(HEADER + 4));
    }

    @Override
    public RawImage decode() throws UndecodableImageException {
        ImageHeader header = header();
        long bits = file.u16Little(HEADER + (isOs2() ? 10 : 14));
        long compression = isOs2() ? RGB : file.u32Little(HEADER + 16);
        if (compression == RGB || compression == BIT_FIELDS) {
            long row = (header.width() * bits + 31) / 32 * 4;
            file.require(file.u32Little(10), row * header.height());
        }
        // The library takes files with the short header for grey ones unless it is asked for colors.
        RawImage raw = isOs2() ? OpenCv.decodeRgb(file.array(), header) : OpenCv.decode(file.array(), header);
        if (bits == 16) {
            spread(raw.values(), compression == BIT_FIELDS && file.u32Little(HEADER + 44) == SIX_BITS_OF_GREEN ? 6 : 5);
        }
        return raw;
    }

    /** The library leaves the low bits of values of 5 or 6 bits at 0; so that white is white, they repeat the high ones. */
    private static void spread(byte[] values, int greenBits) {
        for (int i = 0; i < values.length; i++) {
            int bits = i % 3 == 1 ? greenBits : 5;
            values[i] |= (byte) ((values[i] & 0xff) >> bits);
        }
    }

    private boolean isOs2() throws UndecodableImageException {
        return file.u32Little(HEADER) == 12;
    }
}
