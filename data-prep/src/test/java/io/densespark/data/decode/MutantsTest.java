package io.densespark.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a file holds, it is decoded to an image of its header's size, or refused. */
class MutantsTest {
    static List<String> names() {
        return Fixtures.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFileWithWrongBytesIsDecodedOrRefused(String name) {
        ImageDecoder decoder = new ImageDecoder(new DecodeSettings(PixelFormat.RGB8, DecodeSettings.WHITE, 1_000_000));
        Random random = new Random(name.hashCode());
        for (int i = 0; i < 5; i++) {
            byte[] mutant = mutate(Fixtures.bytes(name), random);
            try {
                DecodedImage image = decoder.decode(mutant);
                assertThat((long) image.height() * image.width())
                        .isEqualTo(ImageHeader.read(mutant).pixels());
            } catch (UndecodableImageException e) {
                assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
            }
        }
    }

    private static byte[] mutate(byte[] file, Random random) {
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            file[random.nextInt(file.length)] = (byte) random.nextInt(256);
        }
        return file;
    }
}
