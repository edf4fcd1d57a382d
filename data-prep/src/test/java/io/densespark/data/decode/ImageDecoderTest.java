package io.densespark.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.decode.Fixtures.Decoding;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageDecoderTest {
    static List<Decoding> decodings() {
        return Fixtures.decodings();
    }

    @ParameterizedTest
    @MethodSource("decodings")
    void aFileHasThePixelsThatItWasMadeOf(Decoding expected) throws UndecodableImageException {
        DecodedImage image = new ImageDecoder(expected.settings()).decode(Fixtures.bytes(expected.file()));
        assertThat(image.height()).isEqualTo(expected.image().height());
        assertThat(image.width()).isEqualTo(expected.image().width());
        assertThat(image.format()).isEqualTo(expected.settings().format());
        if (expected.worst() == 0) {
            assertThat(image.pixels()).isEqualTo(expected.image().pixels());
        } else {
            double[] differences = Fixtures.differences(image, expected.image());
            assertThat(differences[0]).isLessThanOrEqualTo(expected.worst());
            assertThat(differences[1]).isLessThanOrEqualTo(expected.mean());
        }
    }
}
