package io.densespark.data.decode;

/**
 * A JPEG file: segments ({@link JpegMarkers}), among them a frame header with the image's size; one or more scans, in which
 * 0xFF 0x00 stands for 0xFF and restart markers count as content; at last, the end of image.
 *
 * <p>The library fills up what an image lacks if the end of image comes too early; {@link JpegScans} finds that.
 */
final class JpegFile implements EncodedFile {
    /** Encoders take about ten; each goes over the whole image, so that thousands would take very long. */
    private static final int MAX_SCANS = 100;

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
        boolean progressive = file.u8(frame + 1) == JpegMarkers.PROGRESSIVE_FRAME;
        if (components == 4 || progressive || JpegScans.endsInFilling(raw)) {
            new JpegScans(file).requireAllBlocks();
        }
        return raw.withOrientation(orientation);
    }

    /** Where the marker of the frame header is: of any coding, baseline, progressive and others. */
    private long frame() throws UndecodableImageException {
        long at = JpegMarkers.FIRST;
        while (true) {
            at = JpegMarkers.next(file, at);
            int marker = file.u8(at + 1);
            if (JpegMarkers.isFrame(marker)) {
                return at;
            }
            if (marker == JpegMarkers.START_OF_SCAN || marker == JpegMarkers.END_OF_IMAGE) {
                throw file.damaged("it has no frame header");
            }
            at = JpegMarkers.afterSegment(file, at);
        }
    }

    /** Walks to the end of image, and gives the orientation met on the way. */
    private int requireWhole() throws UndecodableImageException {
        int orientation = RawImage.UPRIGHT;
        boolean exif = false;
        int scans = 0;
        long at = JpegMarkers.FIRST;
        while (true) {
            at = JpegMarkers.next(file, at);
            int marker = file.u8(at + 1);
            if (marker == JpegMarkers.END_OF_IMAGE) {
                if (scans == 0) {
                    throw file.damaged("it has no scan");
                }
                return orientation;
            }
            long end = JpegMarkers.afterSegment(file, at);
            if (marker == JpegMarkers.APP1 && !exif && file.has(at + 4, Exif.PREFIX)) {
                exif = true;
                orientation = Exif.orientation(file, at + 4, end);
            }
            if (marker == JpegMarkers.START_OF_SCAN) {
                scans++;
                end = JpegMarkers.afterScan(file, end);
            }
            if (scans > MAX_SCANS) {
                throw file.unsupported("more than " + MAX_SCANS + " scans");
            }
            at = end;
        }
    }
}
