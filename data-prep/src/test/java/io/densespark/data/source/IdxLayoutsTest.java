package io.densespark.data.source;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.ImageShape;
import io.densespark.data.fixture.IdxFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folders that MNIST and EMNIST come as. */
class IdxLayoutsTest {
    private static final List<String> STEMS = List.of("train-images", "train-labels", "t10k-images", "t10k-labels");

    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-%s-ubyte", ".%s-ubyte", "-%s-ubyte.gz", ".%s-ubyte.gz"})
    void eachFileMayLieInAFolderOfItsOwnName(String spelling) throws IOException {
        for (String stem : STEMS) {
            java.nio.file.Path inner = Files.createDirectory(folder.resolve(stem + idx(stem, "-%s-ubyte")));
            write(inner, stem + idx(stem, spelling), stem);
        }
        assertThat(labels(open())).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1);
    }

    @Test
    void foldersBesideFilesWithADotAreNoHarm() throws IOException {
        for (String stem : STEMS) {
            java.nio.file.Path inner = Files.createDirectory(folder.resolve(stem + idx(stem, "-%s-ubyte")));
            Files.writeString(inner.resolve(stem + idx(stem, "-%s-ubyte")), "not looked at: the file beside is taken");
            write(folder, stem + idx(stem, ".%s-ubyte"), stem);
        }
        assertThat(labels(open())).hasSize(12);
    }

    @Test
    void aFolderWithoutTheFileCountsAsMissing() throws IOException {
        IdxFolder.write(folder, 12, 5);
        Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
        Files.createDirectory(folder.resolve("t10k-labels-idx1-ubyte"));
        assertRefused(this::open, "t10k-labels-idx1-ubyte is missing");
    }

    @Test
    void aDamagedFileInAFolderIsNamedInFull() throws IOException {
        IdxFolder.write(folder, 12, 5);
        Files.delete(folder.resolve("train-labels-idx1-ubyte"));
        java.nio.file.Path inner = Files.createDirectory(folder.resolve("train-labels-idx1-ubyte"));
        Files.write(inner.resolve("train-labels-idx1-ubyte"), new byte[7]);
        assertRefused(this::open, "train-labels-idx1-ubyte/train-labels-idx1-ubyte starts with the number 0");
    }

    @Test
    void emnistHasMoreThanTenClassesAndItsImagesAreGivenUpright() throws IOException {
        writeEmnist("emnist-balanced", IntStream.range(0, 47).toArray());
        ImageSource source = open();
        assertThat(source.name()).isEqualTo("emnist-balanced");
        assertThat(source.classes()).hasSize(47).startsWith("0", "1").endsWith("46");
        assertThat(source.shape()).isEqualTo(new ImageShape(IdxFolder.WIDTH, IdxFolder.HEIGHT, 1));
        byte[] pixels = new byte[source.shape().bytes()];
        try (ImageReader images = source.open("train")) {
            for (int image = 0; image < 47; image++) {
                assertThat(images.next(pixels)).isEqualTo(image);
                for (int y = 0; y < IdxFolder.WIDTH; y++) {
                    for (int x = 0; x < IdxFolder.HEIGHT; x++) {
                        assertThat(pixels[y * IdxFolder.HEIGHT + x] & 0xff)
                                .isEqualTo(IdxFolder.value(image, x * IdxFolder.WIDTH + y));
                    }
                }
            }
            assertThat(images.next(pixels)).isEqualTo(-1);
        }
    }

    @Test
    void labelsThatBeginAtOneBecomeClassesFromZero() throws IOException {
        writeEmnist("emnist-letters", IntStream.rangeClosed(1, 26).toArray());
        assertThat(open().classes()).hasSize(26).startsWith("1").endsWith("26");
        assertThat(labels(open()))
                .containsExactlyElementsOf(IntStream.range(0, 26).boxed().toList());
    }

    @Test
    void theMappingNamesTheClasses() throws IOException {
        writeEmnist("emnist-letters", 1, 2, 3);
        Files.writeString(folder.resolve("emnist-letters-mapping.txt"), "1 65 97\n2 66 98\n3 67 99\n");
        assertThat(open().classes()).containsExactly("Aa", "Bb", "Cc");
        writeEmnist("emnist-letters", 1, 2, 4);
        assertRefused(this::open, "emnist-letters-train-labels-idx1-ubyte.gz has label 4 at image 2, not in 1 to 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1 65\nB 66\n", "1\n", "1 65\n1 66\n", "1 65\n3 66\n", "2 65\n", "1 65\n2 65\n", "", "1 -7\n"})
    void aDamagedMappingIsNamed(String mapping) throws IOException {
        writeEmnist("emnist-letters", 1, 2);
        Files.writeString(folder.resolve("emnist-letters-mapping.txt"), mapping);
        assertRefused(this::open, "emnist-letters-mapping.txt", "delete it to take the labels as names");
    }

    @Test
    void ofSeveralSetsOneMustBeNamed() throws IOException {
        writeEmnist("emnist-letters", 1, 2);
        writeEmnist("emnist-digits", 0, 1, 2);
        IdxFolder.write(folder, 12, 5);
        assertRefused(
                this::open, "has several data sets, emnist-digits, emnist-letters, mnist", "name the one to take");
        assertThat(open("emnist-digits").classes()).hasSize(3);
        assertThat(open("mnist").classes()).hasSize(10);
        assertRefused(() -> open("emnist-mnist"), "no files of the data set emnist-mnist", "emnist-digits");
    }

    @Test
    void aMissingFileOfEmnistIsNamedAsEmnistCallsIt() throws IOException {
        writeEmnist("emnist-digits", 0, 1, 2);
        Files.delete(folder.resolve("emnist-digits-test-images-idx3-ubyte.gz"));
        assertRefused(this::open, "emnist-digits-test-images-idx3-ubyte is missing");
    }

    private void writeEmnist(String set, int... labels) throws IOException {
        for (String split : List.of("train", "test")) {
            Files.write(
                    folder.resolve(set + "-" + split + "-images-idx3-ubyte.gz"),
                    IdxFolder.gzip(IdxFolder.images(labels.length)));
            Files.write(
                    folder.resolve(set + "-" + split + "-labels-idx1-ubyte.gz"),
                    IdxFolder.gzip(IdxFolder.labelFile(labels)));
        }
    }

    private static String idx(String stem, String spelling) {
        return spelling.replace("%s", stem.endsWith("images") ? "idx3" : "idx1");
    }

    private static void write(java.nio.file.Path folder, String name, String stem) throws IOException {
        int count = stem.startsWith("train") ? 12 : 5;
        byte[] content = stem.endsWith("images") ? IdxFolder.images(count) : IdxFolder.labels(count);
        Files.write(folder.resolve(name), name.endsWith(".gz") ? IdxFolder.gzip(content) : content);
    }

    private static List<Integer> labels(ImageSource source) {
        byte[] pixels = new byte[source.shape().bytes()];
        try (ImageReader images = source.open("train")) {
            return Stream.generate(() -> images.next(pixels))
                    .takeWhile(label -> label >= 0)
                    .toList();
        }
    }

    private ImageSource open() {
        return IdxSource.open(conf, new Path(folder.toUri()), Optional.empty());
    }

    private ImageSource open(String set) {
        return IdxSource.open(conf, new Path(folder.toUri()), Optional.of(set));
    }
}
