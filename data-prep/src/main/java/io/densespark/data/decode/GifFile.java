package io.densespark.data.decode;

import java.util.Arrays;

/**
 * A GIF file: a header, the size of the screen, a palette; then blocks: extensions (0x21), of which one may name a
 * transparent color for the image that follows; images (0x2C) with their place on the screen, a palette of their own if
 * any, and LZW codes; the end (0x3B). Content is in sub-blocks of a length, up to 255, and as many bytes; the length 0 ends
 * it.
 *
 * <p>Decoded here and not by the library, which refuses files with a background color outside of the palette, as there are
 * many, and makes its table anew at each clear code, of which a file may be full. Of an animation, the first image is
 * taken; the screen around it is transparent.
 */
final class GifFile implements EncodedFile {
    private static final int IMAGE = 0x2c;
    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int END = 0x3b;
    private static final int SCREEN_END = 13;
    private static final int[] PASS_START = {0, 4, 2, 1};
    private static final int[] PASS_STEP = {8, 8, 4, 2};

    private final FileBytes file;

    GifFile(byte[] encoded) {
        this.file = new FileBytes(encoded, ImageFormat.GIF);
    }

    @Override
    public ImageHeader header() throws UndecodableImageException {
        return ImageHeader.of(file, ImageFormat.GIF, file.u16Little(8), file.u16Little(6));
    }

    @Override
    public RawImage decode() throws UndecodableImageException {
        int transparent = -1;
        long at = (long) SCREEN_END + paletteBytes(10);
        while (file.u8(at) == EXTENSION) {
            if (file.u8(at + 1) == GRAPHIC_CONTROL) {
                transparent = (file.u8(at + 3) & 1) == 1 ? file.u8(at + 6) : -1;
            }
            at = afterSubBlocks(at + 2);
        }
        if (file.u8(at) != IMAGE) {
            throw file.damaged("a block of type " + file.u8(at) + " where its image should be");
        }
        requireEnd(at);
        return image(at, transparent);
    }

    private void requireEnd(long firstImage) throws UndecodableImageException {
        long at = firstImage;
        while (file.u8(at) != END) {
            at = switch (file.u8(at)) {
                case EXTENSION -> afterSubBlocks(at + 2);
                case IMAGE -> afterSubBlocks(at + 10 + paletteBytes(at + 9) + 1);
                default -> throw file.damaged("a block of type " + file.u8(at));
            };
        }
    }

    private RawImage image(long at, int transparent) throws UndecodableImageException {
        ImageHeader screen = header();
        int left = file.u16Little(at + 1);
        int top = file.u16Little(at + 3);
        int width = file.u16Little(at + 5);
        int height = file.u16Little(at + 7);
        if (width < 1 || height < 1 || left + width > screen.width() || top + height > screen.height()) {
            throw file.damaged("its first image is not within its screen");
        }
        int ownPalette = paletteBytes(at + 9);
        byte[] palette = ownPalette > 0 ? bytes(at + 10, ownPalette) : bytes(SCREEN_END, paletteBytes(10));
        long codes = at + 10 + ownPalette;
        byte[] indices = new byte[height * width];
        new GifLzw(file, codes).decode(indices);
        boolean interlaced = (file.u8(at + 9) & 0x40) != 0;
        byte[] pixels = new byte[indices.length * 4];
        for (int row = 0; row < height; row++) {
            int y = interlaced ? interlacedRow(row, height) : row;
            for (int x = 0; x < width; x++) {
                int index = indices[row * width + x] & 0xff;
                if (index != transparent) {
                    paint(pixels, (y * width + x) * 4, index, palette);
                }
            }
        }
        RawImage image = new RawImage(height, width, 4, false, RawImage.UPRIGHT, pixels);
        boolean whole = height == screen.height() && width == screen.width();
        return whole ? image : image.onCanvas(screen.height(), screen.width(), top, left);
    }

    private void paint(byte[] pixels, int to, int index, byte[] palette) throws UndecodableImageException {
        if (3 * index >= palette.length) {
            throw file.damaged("color " + index + " of a palette of " + palette.length / 3);
        }
        System.arraycopy(palette, 3 * index, pixels, to, 3);
        pixels[to + 3] = (byte) 0xff;
    }

    private byte[] bytes(long at, int length) throws UndecodableImageException {
        file.require(at, length);
        return Arrays.copyOfRange(file.array(), (int) at, (int) at + length);
    }

    /** Rows 0, 8, 16, ... come first, then 4, 12, ..., then 2, 6, ..., then 1, 3, ... */
    private static int interlacedRow(int row, int height) {
        int inPass = row;
        int pass = 0;
        while (inPass >= rowsOfPass(pass, height)) {
            inPass -= rowsOfPass(pass, height);
            pass++;
        }
        return PASS_START[pass] + inPass * PASS_STEP[pass];
    }

    private static int rowsOfPass(int pass, int height) {
        return (height - PASS_START[pass] + PASS_STEP[pass] - 1) / PASS_STEP[pass];
    }

    /** Bytes of the palette that a byte of flags tells of. */
    private int paletteBytes(long flags) throws UndecodableImageException {
        int bits = file.u8(flags);
        return (bits & 0x80) == 0 ? 0 : 3 << ((bits & 7) + 1);
    }

    private long afterSubBlocks(long start) throws UndecodableImageException {
        long at = start;
        while (file.u8(at) != 0) {
            at += file.u8(at) + 1;
        }
        return at + 1;
    }
}
