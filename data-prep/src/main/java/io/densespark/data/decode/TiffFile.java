package io.densespark.data.decode;

/**
 * A TIFF file, of which the first image counts: what {@link TiffDirectory} says, and the strips or tiles that it names.
 *
 * <p>The library gets a copy that lies upright, so that all formats are turned in one place, and whose alpha counts as
 * multiplied in, so that it leaves the colors as they are.
 */
final class TiffFile implements EncodedFile {
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COLORS = 262;
    private static final int CHANNELS = 277;
    private static final int PLANES = 284;
    private static final int EXTRA_CHANNELS = 338;
    private static final int VALUE_KIND = 339;

    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int UNSIGNED = 1;
    private static final int TOGETHER = 1;
    private static final int MULTIPLIED_ALPHA = 1;
    private static final int ALPHA = 2;

    private final FileBytes file;

    TiffFile(byte[] encoded) {
        this.file = new FileBytes(encoded, ImageFormat.TIFF);
    }

    @Override
    public ImageHeader header() throws UndecodableImageException {
        return header(TiffDirectory.read(file));
    }

    private ImageHeader header(TiffDirectory directory) throws UndecodableImageException {
        return ImageHeader.of(file, ImageFormat.TIFF, directory.value(HEIGHT, 0), directory.value(WIDTH, 0));
    }

    @Override
    public RawImage decode() throws UndecodableImageException {
        TiffDirectory directory = TiffDirectory.read(file);
        ImageHeader header = header(directory);
        long bits = directory.value(BITS, 1);
        long channels = directory.value(CHANNELS, 1);
        requireReadable(directory, bits, channels);
        long planes = directory.value(PLANES, TOGETHER) == TOGETHER ? 1 : channels;
        new TiffStrips(file, directory, header).requireWhole(bits * channels / planes, planes);
        byte[] copy = file.array().clone();
        directory.setShort(copy, TiffDirectory.ORIENTATION, RawImage.UPRIGHT);
        directory.setShort(copy, EXTRA_CHANNELS, MULTIPLIED_ALPHA);
        RawImage raw = OpenCv.decode(copy, header).withOrientation(directory.orientation());
        if (raw.channels() < 4) {
            return raw;
        }
        long extra = directory.value(EXTRA_CHANNELS, 0);
        return extra == ALPHA ? raw : extra == MULTIPLIED_ALPHA ? raw.divideByAlpha() : raw.withoutAlpha();
    }

    /** Throws for what the library refuses, or gets wrong. */
    private void requireReadable(TiffDirectory directory, long bits, long channels) throws UndecodableImageException {
        long colors = directory.value(COLORS, BLACK_IS_ZERO);
        boolean grey = colors <= BLACK_IS_ZERO;
        if (directory.value(VALUE_KIND, UNSIGNED) != UNSIGNED) {
            throw file.unsupported("its values are not unsigned integers");
        }
        if (bits != 1 && bits != 8 && bits != 16 && !(bits == 4 && colors == PALETTE)) {
            throw file.unsupported(bits + " bits a value");
        }
        if (grey && channels != 1) {
            throw file.unsupported("grey with " + (channels - 1) + " more channels");
        }
        if (channels < 1 || channels > 4) {
            throw file.unsupported(channels + " channels");
        }
        boolean together = channels == 1 || directory.value(PLANES, TOGETHER) == TOGETHER;
        if (bits == 16 && !(together && (colors == BLACK_IS_ZERO || colors == RGB))) {
            throw file.unsupported("16 bits a value, neither grey from black nor RGB in one plane");
        }
        if (bits == 16 && directory.value(EXTRA_CHANNELS, 0) == MULTIPLIED_ALPHA) {
            throw file.unsupported("16 bits a value, multiplied by alpha");
        }
    }
}
