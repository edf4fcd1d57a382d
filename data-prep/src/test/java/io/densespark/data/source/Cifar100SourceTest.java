package io.densespark.data.source;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar100SourceTest {
    private static final int RECORD = 2 + 3072;

    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.write(folder.resolve("train.bin"), records(3));
        Files.write(folder.resolve("test.bin"), records(2));
        writeNames("fine", 100);
        writeNames("coarse", 20);
    }

    @Test
    void fineLabelsAreTakenUnlessCoarseOnesAreAskedFor() {
        assertThat(labels(Optional.empty())).containsExactly(50, 51, 52);
        assertThat(labels(Optional.of("fine"))).containsExactly(50, 51, 52);
        assertThat(labels(Optional.of("coarse"))).containsExactly(7, 8, 9);
    }

    @Test
    void classesAndSizesAreThoseOfTheFiles() {
        Cifar100Source source = open(Optional.of("coarse"));
        assertThat(source.name()).isEqualTo("cifar100-coarse");
        assertThat(source.classes()).hasSize(20).startsWith("coarse 0");
        assertThat(source.count("train")).isEqualTo(3);
        assertThat(source.count("test")).isEqualTo(2);
        assertThat(open(Optional.empty()).classes()).hasSize(100);
    }

    @Test
    void pixelsComeRedGreenBlueRowByRow() {
        byte[] pixels = new byte[3072];
        try (ImageReader reader = open(Optional.empty()).open("train")) {
            reader.next(pixels);
        }
        // Planes of 1024: the values of pixel 5 are 5, 1029 and 2053, as bytes.
        assertThat(pixels[15]).isEqualTo((byte) 5);
        assertThat(pixels[16]).isEqualTo((byte) 1029);
        assertThat(pixels[17]).isEqualTo((byte) 2053);
    }

    @Test
    void damagedFilesAndWrongChoicesAreNamed() throws IOException {
        assertRefused(() -> open(Optional.of("medium")), "no set of labels 'medium'", "fine or coarse");
        Files.write(folder.resolve("test.bin"), new byte[RECORD - 1]);
        assertRefused(() -> open(Optional.empty()), "test.bin has 3073 bytes", "3074");
        Files.delete(folder.resolve("test.bin"));
        assertRefused(() -> open(Optional.empty()), "test.bin is missing");
        Files.write(folder.resolve("test.bin"), records(1));
        writeNames("fine", 99);
        assertRefused(() -> open(Optional.empty()), "fine_label_names.txt has 99 names");
    }

    private List<Integer> labels(Optional<String> set) {
        byte[] pixels = new byte[3072];
        try (ImageReader reader = open(set).open("train")) {
            List<Integer> labels = List.of(reader.next(pixels), reader.next(pixels), reader.next(pixels));
            assertThat(reader.next(pixels)).isEqualTo(-1);
            return labels;
        }
    }

    private Cifar100Source open(Optional<String> labels) {
        return Cifar100Source.open(conf, new Path(folder.toUri()), labels);
    }

    private void writeNames(String kind, int count) throws IOException {
        Files.write(
                folder.resolve(kind + "_label_names.txt"),
                IntStream.range(0, count).mapToObj(i -> kind + " " + i).toList());
    }

    /** Coarse labels from 7 on, fine ones from 50 on; the pixels count up. */
    private static byte[] records(int count) {
        byte[] bytes = new byte[count * RECORD];
        for (int i = 0; i < count; i++) {
            bytes[i * RECORD] = (byte) (7 + i);
            bytes[i * RECORD + 1] = (byte) (50 + i);
            for (int p = 0; p < 3072; p++) {
                bytes[i * RECORD + 2 + p] = (byte) p;
            }
        }
        return bytes;
    }
}
