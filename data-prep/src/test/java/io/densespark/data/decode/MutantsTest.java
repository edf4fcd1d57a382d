package io.densespark.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.fixture.Mutator;
import java.util.List;
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
        Mutator mutator = new Mutator(Fixtures.bytes(name), name.hashCode());
        for (int i = Mutator.count(20); i > 0; i--) {
            byte[] mutant = mutator.next();
            try {
                DecodedImage image = decoder.decode(mutant);
                assertThat((long) image.height() * image.width())
                        .isEqualTo(ImageHeader.read(mutant).pixels());
            } catch (UndecodableImageException e) {
                assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
            }
        }
    }
}
