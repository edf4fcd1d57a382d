package io.densespark.data.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.DataException;
import org.junit.jupiter.api.Test;

class DecodeSettingsTest {
    @Test
    void withoutAWordItIsWhiteAnd64Megapixels() {
        assertThat(DecodeSettings.of(PixelFormat.GREY8))
                .isEqualTo(new DecodeSettings(PixelFormat.GREY8, 0xffffff, 64_000_000));
    }

    @Test
    void aBackgroundIsThreeBytes() {
        for (int background : new int[] {-1, 0x1000000}) {
            assertThatThrownBy(() -> new DecodeSettings(PixelFormat.RGB8, background, 1))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith("background color is 0x" + Integer.toHexString(background) + ": give ");
        }
    }

    @Test
    void anImageFitsIntoAnArray() {
        for (long pixels : new long[] {0, DecodeSettings.LARGEST_MAX_PIXELS + 1}) {
            assertThatThrownBy(() -> new DecodeSettings(PixelFormat.RGB8, 0, pixels))
                    .isInstanceOf(DataException.class)
                    .hasMessage("the largest image to decode is " + pixels
                            + " pixels: give 1 to 268435455, such as 64000000");
        }
    }

    @Test
    void anImagesPixelsAreAsManyAsItsSizesSay() {
        assertThatThrownBy(() -> new DecodedImage(2, 3, PixelFormat.GREY16, new byte[11]))
                .isInstanceOf(DataException.class)
                .hasMessage("an image of 2x3 pixels (height x width) in GREY16 can't have 11 bytes");
    }
}
