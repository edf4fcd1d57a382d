package io.densespark.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.ImageShape;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Spark's image struct, by hand. */
class ImageStructTest {
    private static final StructType SCHEMA = new StructType().add("image", ImageSchema.columnSchema());

    private static byte[] read(int channels, Object... struct) throws BadImageException {
        ImageColumn column = ImageColumn.of(SCHEMA, "image", Optional.empty());
        Row row = RowFactory.create(RowFactory.create(struct));
        return new ImageReader(column, new ImageShape(1, 2, channels), new Configuration()).read(row);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void blueComesFirstAndIsPutLast() throws BadImageException {
        assertThat(read(3, "x", 1, 2, 3, 16, bytes(1, 2, 3, 4, 5, 255))).isEqualTo(bytes(3, 2, 1, 255, 5, 4));
    }

    @Test
    void transparentPixelsLieOnWhite() throws BadImageException {
        assertThat(read(3, "x", 1, 2, 4, 24, bytes(10, 20, 30, 0, 10, 20, 30, 51)))
                // 30 · 0.2 + 255 · 0.8 = 210
                .isEqualTo(bytes(255, 255, 255, 210, 208, 206));
    }

    @Test
    void greyAndColorsBecomeEachOther() throws BadImageException {
        assertThat(read(3, "x", 1, 2, 1, 0, bytes(7, 200))).isEqualTo(bytes(7, 7, 7, 200, 200, 200));
        // 0.299 · 30 + 0.587 · 20 + 0.114 · 10 = 21.85
        assertThat(read(1, "x", 1, 2, 3, 16, bytes(10, 20, 30, 255, 255, 255))).isEqualTo(bytes(22, 255));
    }

    @Test
    void whatSparkCouldNotDecodeAndWhatIsIncompleteIsBad() {
        assertThatThrownBy(() -> read(3, "x", -1, -1, -1, -1, bytes()))
                .isInstanceOf(BadImageException.class)
                .hasMessage(
                        "of OpenCV's type -1 with -1 channels, not CV_8UC1, CV_8UC3 or CV_8UC4: it wasn't decoded, or "
                                + "isn't of 8 bits");
        assertThatThrownBy(() -> read(3, "x", 1, 2, 3, 16, bytes(1, 2, 3)))
                .isInstanceOf(BadImageException.class)
                .hasMessage("of 1x2 pixels (height x width) in 3 bytes of 3 channels");
        assertThatThrownBy(() -> read(3, "x", 1, 2, 3, 16, null))
                .isInstanceOf(BadImageException.class)
                .hasMessage("incomplete: a field of its struct is null");
    }
}
