package io.densespark.data.decode;

/**
 * A JPEG file: segments of a marker (0xFF and a byte), a length and content; after a start of scan, entropy-coded bytes up
 * to the next marker, in which 0xFF 0x00 stands for 0xFF and restart markers count as content; at last, the end of image.
 *
 * <p>The library fills up what an image lacks if the end of image comes too early; {@link JpegScans} finds that.
 */
final class JpegFile implements EncodedFile {
    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int APP1 = 0xe1;

    private final FileBytes file;

    JpegFile(byte[] encoded) {
        this.file = new FileBytes(encoded, ImageFormat.JPEG);
    }

    @Override
    public ImageHeader header() throws UndecodableImageException {
        return header(frame());
    }

    private ImageHeader header(long frame) throws UndecodableImageException {
        return ImageHeader.of(file, ImageFormat.JPEG, file.u16Big(frame + 5), file.u16Big(frame + 7));
    }

    @Override
    public RawImage decode() throws UndecodableImageException {
        long frame = frame();
        if (file.u8(frame + 4) != 8) {
            throw file.unsupported(file.u8(frame + 4) + " bits a value");
        }
        int orientation = requireWhole();
        int components = file.u8(frame + 9);
        ImageHeader header = header(frame);
        RawImage raw = components == 1 ? OpenCv.decode(file.array(), header) : OpenCv.decodeRgb(file.array(), header);
        // The filling of four components is no grey, and that of progressive files is smoothed.
        boolean progressive = file.u8(frame + 1) == JpegScans.PROGRESSIVE;
        if (components == 4 || progressive || JpegScans.endsInFilling(raw)) {
            new JpegScans(file).requireAllBlocks();
        }
        return raw.withOrientation(orientation);
    }

    /** Where the marker of the frame header is: of any coding, baseline, progressive and others. */
    private long frame() throws UndecodableImageException {
        long at = 2;
        while (true) {
            at = marker(at);
            int marker = file.u8(at + 1);
            if (isFrame(marker)) {
                return at;
            }
            if (marker == START_OF_SCAN || marker == END_OF_IMAGE) {
                throw file.damaged("it has no frame header");
            }
            at = afterSegment(at);
        }
    }

    static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /** Walks to the end of image, and gives the orientation met on the way. */
    private int requireWhole() throws UndecodableImageException {
        int orientation = RawImage.UPRIGHT;
        boolean exif = false;
        boolean scans = false;
        long at = 2;
        while (true) {
            at = marker(at);
            int marker = file.u8(at + 1);
            if (marker == END_OF_IMAGE) {
                if (!scans) {
                    throw file.damaged("it has no scan");
                }
                return orientation;
            }
            long end = afterSegment(at);
            if (marker == APP1 && !exif && file.has(at + 4, Exif.PREFIX)) {
                exif = true;
                orientation = Exif.orientation(file, at + 4, end);
            }
            scans |= marker == START_OF_SCAN;
            at = marker == START_OF_SCAN ? afterEntropyCoded(file, end) : end;
        }
    }

    /** The next marker from {@code at} on; decoders pass over bytes before it, and over fill bytes. */
    private long marker(long from) throws UndecodableImageException {
        return marker(file, from);
    }

    static long marker(FileBytes file, long from) throws UndecodableImageException {
        byte[] data = file.array();
        for (int at = (int) from; at < data.length - 1; at++) {
            if (data[at] == (byte) 0xff && data[at + 1] != (byte) 0xff && data[at + 1] != 0) {
                return at;
            }
        }
        throw file.truncated();
    }

    private long afterSegment(long at) throws UndecodableImageException {
        return afterSegment(file, at);
    }

    static long afterSegment(FileBytes file, long at) throws UndecodableImageException {
        int marker = file.u8(at + 1);
        if ((marker >= 0xd0 && marker <= 0xd8) || marker == 0x01) {
            return at + 2;
        }
        int length = file.u16Big(at + 2);
        if (length < 2) {
            throw file.damaged("a segment of " + length + " bytes");
        }
        file.require(at + 2, length);
        return at + 2 + length;
    }

    /** The first marker after a scan's bytes that isn't a restart. */
    static long afterEntropyCoded(FileBytes file, long from) throws UndecodableImageException {
        byte[] data = file.array();
        for (int at = (int) from; at < data.length - 1; at++) {
            if (data[at] == (byte) 0xff) {
                int next = data[at + 1] & 0xff;
                if (next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
                    return at;
                }
            }
        }
        throw file.truncated();
    }
}
