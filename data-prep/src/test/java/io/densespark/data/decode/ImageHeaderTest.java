package io.densespark.data.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.densespark.data.decode.UndecodableImageException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ImageHeaderTest {

    static List<String> names() {
        return Fixtures.names().stream()
                .filter(name -> !name.matches("(full-table|lzw-full|blocks|part|animated-part).*"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void sizesAndFormatsAreThoseOfTheFiles(String name) throws UndecodableImageException {
        String extension = name.substring(name.indexOf('.') + 1);
        ImageFormat format =
                extension.equals("jpg") ? ImageFormat.JPEG : ImageFormat.valueOf(extension.toUpperCase(Locale.ROOT));
        assertThat(ImageHeader.read(Fixtures.bytes(name))).isEqualTo(new ImageHeader(format, 9, 13));
    }

    @Test
    void ofAnAnimationTheCanvasCounts() throws UndecodableImageException {
        assertThat(ImageHeader.read(Fixtures.bytes("part.gif"))).isEqualTo(new ImageHeader(ImageFormat.GIF, 12, 17));
        assertThat(ImageHeader.read(Fixtures.bytes("animated-part.webp")))
                .isEqualTo(new ImageHeader(ImageFormat.WEBP, 14, 19));
    }

    @ParameterizedTest
    @CsvSource({"color.png, 33", "color.bmp, 26", "palette.gif, 10", "alpha.webp, 30", "color.jpg, 180"})
    void theFirstBytesAreEnough(String name, int bytes) throws UndecodableImageException {
        byte[] start = Arrays.copyOf(Fixtures.bytes(name), bytes);
        ImageHeader header = ImageHeader.read(start);
        assertThat(header.height()).isEqualTo(9);
        assertThat(header.width()).isEqualTo(13);
        assertThat(header.pixels()).isEqualTo(117);
    }

    @ParameterizedTest
    @CsvSource({"color.png", "color.bmp", "palette.gif", "alpha.webp", "color.jpg", "color.tiff"})
    void aFileThatEndsWithinItsHeaderIsTruncated(String name) {
        byte[] file = Fixtures.bytes(name);
        assertThat(reason(Arrays.copyOf(file, name.endsWith("gif") ? 9 : 20))).isEqualTo(Reason.TRUNCATED);
    }

    @Test
    void anEmptyFileIsEmpty() {
        assertThat(failure(new byte[0]))
                .hasMessage("empty")
                .extracting(UndecodableImageException::reason)
                .isEqualTo(Reason.EMPTY);
    }

    @ParameterizedTest
    @CsvSource({"hello", "G", "<svg>", "GIF90a", "RIFF1234WAVE"})
    void otherFilesAreOfNoKnownFormat(String text) {
        assertThat(failure(text.getBytes(StandardCharsets.US_ASCII)))
                .hasMessage("in none of the formats JPEG, PNG, WebP, GIF, BMP and TIFF")
                .extracting(UndecodableImageException::reason)
                .isEqualTo(Reason.UNKNOWN_FORMAT);
    }

    @Test
    void anImageWithoutPixelsIsDamage() {
        byte[] file = Fixtures.bytes("palette.gif");
        file[6] = 0;
        assertThat(failure(file))
                .hasMessage("a damaged GIF file (its image has 9x0 pixels (height x width))")
                .extracting(UndecodableImageException::reason)
                .isEqualTo(Reason.DAMAGED);
    }

    private static Reason reason(byte[] file) {
        return failure(file).reason();
    }

    private static UndecodableImageException failure(byte[] file) {
        return catchThrowableOfType(UndecodableImageException.class, () -> ImageHeader.read(file));
    }
}
