package io.densespark.data.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A WebP file: {@code RIFF}, a length, {@code WEBP}, then chunks of a type of four letters, a length and content, filled up
 * to an even length; all numbers have the low byte first. A chunk {@code VP8X}, where there is one, gives the canvas; of an
 * animation, the chunks {@code ANMF} have the frames' places and chunks.
 *
 * <p>The library gets a file with the first frame's chunks alone: animations and profiles are not its business then.
 */
final class WebpFile implements EncodedFile {
    private static final int FIRST_CHUNK = 12;
    private static final int FRAME_HEADER = 16;
    private static final int HAS_ALPHA = 0x10;

    private final FileBytes file;

    WebpFile(byte[] encoded) {
        this.file = new FileBytes(encoded, ImageFormat.WEBP);
    }

    @Override
    public ImageHeader header() throws UndecodableImageException {
        return size(FIRST_CHUNK);
    }

    /** The size that a chunk with a canvas or a bitstream gives. */
    private ImageHeader size(long chunk) throws UndecodableImageException {
        long content = chunk + 8;
        if (file.has(chunk, "VP8X")) {
            return sized(file.u24Little(content + 7) + 1, file.u24Little(content + 4) + 1);
        }
        if (file.has(chunk, "VP8L")) {
            long bits = file.u32Little(content + 1);
            return sized((bits >> 14 & 0x3fff) + 1, (bits & 0x3fff) + 1);
        }
        if (file.has(chunk, "VP8 ")) {
            return sized(file.u16Little(content + 8) & 0x3fff, file.u16Little(content + 6) & 0x3fff);
        }
        file.require(chunk, 4);
        throw file.damaged("it doesn't begin with an image");
    }

    private ImageHeader sized(long height, long width) throws UndecodableImageException {
        return ImageHeader.of(file, ImageFormat.WEBP, height, width);
    }

    @Override
    public RawImage decode() throws UndecodableImageException {
        ImageHeader canvas = header();
        long end = 8 + file.u32Little(4);
        file.require(0, end);
        int orientation = exif(end);
        long animated = find("ANMF", FIRST_CHUNK, end);
        if (animated < 0) {
            return still(FIRST_CHUNK, end, canvas).withOrientation(orientation);
        }
        long frame = animated + 8;
        int left = 2 * file.u24Little(frame);
        int top = 2 * file.u24Little(frame + 3);
        int width = file.u24Little(frame + 6) + 1;
        int height = file.u24Little(frame + 9) + 1;
        if ((long) left + width > canvas.width() || (long) top + height > canvas.height()) {
            throw file.damaged("its first frame is not within its canvas");
        }
        RawImage first = still(frame + FRAME_HEADER, after(animated), sized(height, width));
        boolean whole = height == canvas.height() && width == canvas.width();
        return (whole ? first : first.onCanvas(canvas.height(), canvas.width(), top, left))
                .withOrientation(orientation);
    }

    private int exif(long end) throws UndecodableImageException {
        long chunk = find("EXIF", FIRST_CHUNK, end);
        return chunk < 0 ? RawImage.UPRIGHT : Exif.orientation(file, chunk + 8, chunk + 8 + file.u32Little(chunk + 4));
    }

    private RawImage still(long start, long end, ImageHeader size) throws UndecodableImageException {
        long alpha = find("ALPH", start, end);
        long lossy = find("VP8 ", start, end);
        long image = lossy < 0 ? find("VP8L", start, end) : lossy;
        if (image < 0) {
            throw file.damaged("it has no image");
        }
        ImageHeader coded = size(image);
        if (!coded.equals(size)) {
            throw file.damaged("its image has another size than its header says");
        }
        return OpenCv.decode(lossy < 0 || alpha < 0 ? riff(image) : extended(size, alpha, image), size);
    }

    /** A file of one chunk. */
    private byte[] riff(long image) throws UndecodableImageException {
        int bytes = (int) (after(image) - image);
        byte[] made = new byte[12 + bytes];
        begin(made).put(file.array(), (int) image, bytes);
        return made;
    }

    /** A file with a canvas, alpha and an image. */
    private byte[] extended(ImageHeader size, long alpha, long image) throws UndecodableImageException {
        int alphaBytes = (int) (after(alpha) - alpha);
        int imageBytes = (int) (after(image) - image);
        byte[] made = new byte[30 + alphaBytes + imageBytes];
        ByteBuffer buffer = begin(made).put(ascii("VP8X")).putInt(10).putInt(HAS_ALPHA);
        putU24(buffer, size.width() - 1);
        putU24(buffer, size.height() - 1);
        buffer.put(file.array(), (int) alpha, alphaBytes).put(file.array(), (int) image, imageBytes);
        return made;
    }

    private static ByteBuffer begin(byte[] made) {
        return ByteBuffer.wrap(made)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(ascii("RIFF"))
                .putInt(made.length - 8)
                .put(ascii("WEBP"));
    }

    private static void putU24(ByteBuffer buffer, int value) {
        buffer.putShort((short) value).put((byte) (value >> 16));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The first chunk of a type between two places, or -1. */
    private long find(String type, long start, long end) throws UndecodableImageException {
        for (long at = start; at + 8 <= end; at = after(at)) {
            if (file.has(at, type)) {
                file.require(at, after(at) - at);
                return at;
            }
        }
        return -1;
    }

    private long after(long chunk) throws UndecodableImageException {
        long bytes = file.u32Little(chunk + 4);
        return chunk + 8 + bytes + (bytes & 1);
    }
}
