package io.densespark.data.decode;

import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A PNG file: a signature of 8 bytes, then chunks of a length, a type of four letters, content, and a checksum of type and
 * content; all numbers have the high byte first.
 *
 * <p>The library gets only the chunks that make the pixels of the first image: with animations, profiles and texts it has
 * nothing to do then.
 */
final class PngFile implements EncodedFile {
    private static final int SIGNATURE = 8;
    private static final int IHDR_BYTES = 13;
    private static final int GREY = 0;
    private static final Set<String> OF_PIXELS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

    private final FileBytes file;

    PngFile(byte[] encoded) {
        this.file = new FileBytes(encoded, ImageFormat.PNG);
    }

    @Override
    public ImageHeader header() throws UndecodableImageException {
        file.require(SIGNATURE, 8 + IHDR_BYTES);
        if (!file.has(SIGNATURE + 4, "IHDR") || file.u32Big(SIGNATURE) != IHDR_BYTES) {
            throw file.damaged("it doesn't begin with its header");
        }
        return ImageHeader.of(file, ImageFormat.PNG, file.u32Big(SIGNATURE + 12), file.u32Big(SIGNATURE + 8));
    }

    @Override
    public RawImage decode() throws UndecodableImageException {
        ImageHeader header = header();
        byte[] pixels = Arrays.copyOf(file.array(), file.length());
        int length = SIGNATURE;
        int orientation = RawImage.UPRIGHT;
        int transparent = -1;
        long at = SIGNATURE;
        String type;
        do {
            long content = at + 8;
            long bytes = file.u32Big(at);
            file.require(content, bytes + 4);
            type = type(at + 4);
            if (OF_PIXELS.contains(type)) {
                requireChecksum(at + 4, bytes + 4);
                System.arraycopy(file.array(), (int) at, pixels, length, (int) bytes + 12);
                length += (int) bytes + 12;
            }
            if (type.equals("eXIf")) {
                orientation = Exif.orientation(file, content, content + bytes);
            }
            if (type.equals("tRNS") && colorType() == GREY && bytes == 2) {
                transparent = file.u16Big(content);
            }
            at = content + bytes + 4;
        } while (!type.equals("IEND"));
        RawImage raw = OpenCv.decode(Arrays.copyOf(pixels, length), header).withOrientation(orientation);
        // The library leaves the transparency of grey images out.
        return transparent >= 0 && raw.channels() == 1 ? raw.withTransparentGrey(scaled(transparent)) : raw;
    }

    private int colorType() throws UndecodableImageException {
        return file.u8(SIGNATURE + 17);
    }

    /** A grey value of the file's bits in the bits that the library gives. */
    private int scaled(int value) throws UndecodableImageException {
        int bits = file.u8(SIGNATURE + 16);
        return bits < 8 ? value * 255 / ((1 << bits) - 1) : value;
    }

    private String type(long at) throws UndecodableImageException {
        StringBuilder type = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            type.append((char) file.u8(at + i));
        }
        return type.toString();
    }

    private void requireChecksum(long at, long bytes) throws UndecodableImageException {
        CRC32 checksum = new CRC32();
        checksum.update(file.array(), (int) at, (int) bytes);
        if (checksum.getValue() != file.u32Big(at + bytes)) {
            throw file.damaged("the checksum of its chunk " + type(at) + " is wrong");
        }
    }
}
