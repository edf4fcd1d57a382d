package io.densespark.data.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.densespark.data.decode.UndecodableImageException.Reason;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is cut off, damaged or too large is refused for its reason, and never decoded in part. */
class UndecodableFilesTest {
    private static final Set<Reason> CUT = EnumSet.of(Reason.TRUNCATED, Reason.DAMAGED);

    private final ImageDecoder decoder = new ImageDecoder(DecodeSettings.of(PixelFormat.RGB8));

    static List<String> names() {
        return Fixtures.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFileThatIsCutOffIsRefusedOrHasAllPixels(String name) throws UndecodableImageException {
        byte[] file = Fixtures.bytes(name);
        byte[] whole = decoder.decode(file).pixels();
        IntStream cuts = new Random(name.hashCode()).ints(25, 12, file.length);
        for (int length : IntStream.concat(cuts, IntStream.of(file.length - 1, file.length - 2))
                .toArray()) {
            byte[] cut = Arrays.copyOf(file, length);
            try {
                // Bytes that say nothing about the pixels may be missing; only these have any at their ends.
                assertThat(decoder.decode(cut).pixels()).isEqualTo(whole);
                assertThat(name).matches("runs\\.bmp|.*\\.tiff");
            } catch (UndecodableImageException e) {
                assertThat(e.reason()).isIn(CUT);
                assertThat(e.getMessage()).startsWith("a ").doesNotContain("\n");
            }
        }
    }

    /** BMP, TIFF and WebP have neither checksums nor an end that would tell zeros from pixels. */
    static List<String> namesWithAnEnd() {
        return Fixtures.names().stream()
                .filter(name -> name.matches(".*\\.(jpg|png|gif)"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("namesWithAnEnd")
    void aFileCutOffAndFilledUpWithZerosIsRefusedOrHasAllPixels(String name) throws UndecodableImageException {
        byte[] file = Fixtures.bytes(name);
        byte[] whole = decoder.decode(file).pixels();
        for (int length : new Random(name.hashCode()).ints(10, 12, file.length).toArray()) {
            byte[] cut = Arrays.copyOf(Arrays.copyOf(file, length), file.length);
            if (Arrays.equals(cut, file)) {
                continue;
            }
            try {
                assertThat(decoder.decode(cut).pixels()).isEqualTo(whole);
            } catch (UndecodableImageException e) {
                assertThat(e.reason()).isIn(CUT);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"blocks", "blocks-subsampled", "blocks-grey", "blocks-cmyk", "blocks-restart"})
    void aJpegFileWhoseScanEndsTooEarlyIsRefused(String name) {
        byte[] file = Fixtures.bytes(name + ".jpg");
        int scan = startOfScan(file);
        // Of the last block alone the library makes up the rest without a trace.
        for (int length : new Random(1)
                .ints(20, scan + 16, scan + (file.length - scan) * 3 / 4)
                .toArray()) {
            byte[] cut = Arrays.copyOf(file, length + 2);
            // Not within a 0xFF 0x00.
            int end = cut[length - 1] == (byte) 0xff ? length - 1 : length;
            cut[end] = (byte) 0xff;
            cut[end + 1] = (byte) 0xd9;
            assertThat(failure(decoder, Arrays.copyOf(cut, end + 2)).reason())
                    .as("%s at %d", name, length)
                    .isEqualTo(Reason.DAMAGED);
        }
    }

    @Test
    void aProgressiveJpegFileWithoutTheMeansOfAllItsBlocksIsRefused() {
        byte[] file = Fixtures.bytes("blocks-progressive.jpg");
        int scan = startOfScan(file);
        byte[] cut = Arrays.copyOf(file, scan + 26);
        cut[scan + 24] = (byte) 0xff;
        cut[scan + 25] = (byte) 0xd9;
        assertThat(failure(decoder, cut)).hasMessage("a damaged JPEG file (a scan ends before its last block)");
    }

    @Test
    void aJpegFileOfVeryManyScansIsRefused() {
        byte[] file = Fixtures.bytes("blocks-progressive.jpg");
        int last = IntStream.range(2, file.length - 1)
                .filter(i -> file[i] == (byte) 0xff && file[i + 1] == (byte) 0xda)
                .max()
                .orElseThrow();
        int bytes = file.length - 2 - last;
        byte[] many = Arrays.copyOf(file, file.length + 100 * bytes);
        for (int i = 1; i <= 100; i++) {
            System.arraycopy(file, last, many, last + i * bytes, i == 100 ? bytes + 2 : bytes);
        }
        assertThat(failure(decoder, many)).hasMessage("a JPEG file of a kind that can't be read (more than 100 scans)");
    }

    @Test
    void aJpegFileThatIsMiddleGreyItselfIsDecoded() throws UndecodableImageException {
        for (String name : List.of("middle-grey.jpg", "middle-grey-progressive.jpg")) {
            assertThat(decoder.decode(Fixtures.bytes(name)).pixels()).containsOnly(128);
        }
    }

    @ParameterizedTest
    @CsvSource({"deflate.tiff", "lzw.tiff", "packbits.tiff"})
    void aTiffFileWithTooLittleInAStripIsRefused(String name) throws UndecodableImageException {
        byte[] file = Fixtures.bytes(name);
        long strip = TiffDirectory.read(new FileBytes(file, ImageFormat.TIFF)).value(273, 0);
        // No code of Deflate begins so; LZW's end of data; PackBits' runs of nothing.
        int filling = name.equals("deflate.tiff") ? 0 : 0x80;
        Arrays.fill(file, (int) strip, (int) strip + 250, (byte) filling);
        assertThat(failure(decoder, file).reason()).isEqualTo(Reason.DAMAGED);
    }

    @ParameterizedTest
    @CsvSource({"color.png", "alpha.webp", "color.jpg", "color.tiff", "color.bmp", "palette.gif"})
    void anImageOfTooManyPixelsIsRefusedByItsHeader(String name) {
        byte[] file = Fixtures.bytes(name);
        DecodeSettings settings = new DecodeSettings(PixelFormat.RGB8, DecodeSettings.WHITE, 116);
        assertThat(failure(new ImageDecoder(settings), file))
                .hasMessageEndingWith(" image of 9x13 pixels (height x width), more than the 116 pixels allowed")
                .extracting(UndecodableImageException::reason)
                .isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void aSmallFileThatClaimsTenBillionPixelsIsRefusedByItsHeader() {
        byte[] file = Fixtures.bytes("color.png");
        byte[] size = {0, 1, (byte) 0x86, (byte) 0xa0, 0, 1, (byte) 0x86, (byte) 0xa0};
        System.arraycopy(size, 0, file, 16, 8);
        putChecksum(file, 12, 17);
        assertThat(failure(decoder, file))
                .hasMessage("a PNG image of 100000x100000 pixels (height x width), more than the 64000000 pixels "
                        + "allowed");
    }

    @Test
    void aPngFileWithAWrongChecksumIsRefused() {
        byte[] file = Fixtures.bytes("color.png");
        file[60] ^= 1;
        assertThat(failure(decoder, file)).hasMessage("a damaged PNG file (the checksum of its chunk IDAT is wrong)");
    }

    @Test
    void aKindOfTiffThatIsNotReadIsSaidToBe() throws UndecodableImageException {
        byte[] file = Fixtures.bytes("grey.tiff");
        TiffDirectory.read(new FileBytes(file.clone(), ImageFormat.TIFF)).setShort(file, 258, 32);
        assertThat(failure(decoder, file))
                .hasMessage("a TIFF file of a kind that can't be read (32 bits a value)")
                .extracting(UndecodableImageException::reason)
                .isEqualTo(Reason.UNSUPPORTED);
    }

    private static void putChecksum(byte[] png, int start, int bytes) {
        CRC32 checksum = new CRC32();
        checksum.update(png, start, bytes);
        for (int i = 0; i < 4; i++) {
            png[start + bytes + i] = (byte) (checksum.getValue() >> (24 - 8 * i));
        }
    }

    private static int startOfScan(byte[] jpeg) {
        return IntStream.range(2, jpeg.length)
                .filter(i -> jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xda)
                .findFirst()
                .orElseThrow();
    }

    private static UndecodableImageException failure(ImageDecoder decoder, byte[] file) {
        UndecodableImageException failure =
                catchThrowableOfType(UndecodableImageException.class, () -> decoder.decode(file));
        assertThat(failure).as("what decoding throws").isNotNull();
        return failure;
    }
}
