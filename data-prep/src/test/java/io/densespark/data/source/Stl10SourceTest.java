package io.densespark.data.source;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.ImageShape;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Stl10SourceTest {
    private static final int SIDE = 96;
    private static final int IMAGE = 3 * SIDE * SIDE;

    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        byte[] images = new byte[2 * IMAGE];
        // The green value of the pixel in row 2, column 5 of the first image: planes are stored column by column.
        images[SIDE * SIDE + 5 * SIDE + 2] = 77;
        Files.write(folder.resolve("train_X.bin"), images);
        Files.write(folder.resolve("train_y.bin"), new byte[] {10, 1});
        Files.write(folder.resolve("test_X.bin"), new byte[IMAGE]);
        Files.write(folder.resolve("test_y.bin"), new byte[] {3});
        Files.write(
                folder.resolve("class_names.txt"),
                IntStream.range(0, 10).mapToObj(i -> "class " + i).toList());
    }

    @Test
    void imagesAreTurnedToRowsAndLabelsCountFromZero() {
        Stl10Source source = open();
        assertThat(source.shape()).isEqualTo(new ImageShape(96, 96, 3));
        assertThat(source.count("train")).isEqualTo(2);
        byte[] pixels = new byte[IMAGE];
        try (ImageReader reader = source.open("train")) {
            assertThat(reader.next(pixels)).isEqualTo(9);
            byte[] expected = new byte[IMAGE];
            expected[(2 * SIDE + 5) * 3 + 1] = 77;
            assertThat(pixels).isEqualTo(expected);
            assertThat(reader.next(pixels)).isZero();
            assertThat(reader.next(pixels)).isEqualTo(-1);
        }
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        Files.write(folder.resolve("train_y.bin"), new byte[] {0, 1});
        try (ImageReader reader = open().open("train")) {
            assertRefused(() -> reader.next(new byte[IMAGE]), "train_y.bin has label 0 for image 0", "1 to 10");
        }
        Files.write(folder.resolve("train_y.bin"), new byte[] {1});
        assertRefused(this::open, "train_X.bin has 2 images", "train_y.bin has 1 labels");
        Files.write(folder.resolve("train_X.bin"), new byte[IMAGE - 1]);
        assertRefused(this::open, "train_X.bin has 27647 bytes");
        Files.delete(folder.resolve("train_X.bin"));
        assertRefused(this::open, "train_X.bin is missing");
    }

    private Stl10Source open() {
        return Stl10Source.open(conf, new Path(folder.toUri()));
    }
}
