package io.densespark.data.prepare;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.DatasetDescription;
import io.densespark.data.fixture.CifarFolder;
import io.densespark.data.fixture.FailingFileSystem;
import io.densespark.data.fixture.IdxFolder;
import io.densespark.data.source.Cifar10Source;
import io.densespark.data.source.IdxSource;
import io.densespark.data.source.ImageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After an error, wherever it comes, the output is what it was before. */
class PrepareFailureTest {
    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    private java.nio.file.Path cifar;
    private java.nio.file.Path output;

    @BeforeEach
    void writeSource() {
        cifar = CifarFolder.write(folder.resolve("cifar"), 2);
        output = folder.resolve("out");
    }

    @Test
    void aTruncatedFileIsFoundBeforeAnythingIsWritten() throws IOException {
        CifarFolder.resize(cifar.resolve("data_batch_3.bin"), 4000);
        assertRefused(this::cifar, "data_batch_3.bin has 4000 bytes");
        assertThat(output).doesNotExist();
    }

    @Test
    void aFileThatShrinksAfterItWasCheckedLeavesNothing() throws IOException {
        ImageSource source = cifar();
        CifarFolder.resize(cifar.resolve("data_batch_3.bin"), 4000);
        assertRefused(() -> prepare(source, conf, false), "data_batch_3.bin ends within record 1");
        assertThat(output).doesNotExist();
    }

    @Test
    void aWrongLabelInTheThirdFileLeavesNothing() throws IOException {
        damageLabel();
        assertRefused(() -> prepare(cifar(), conf, false), "data_batch_3.bin has label 77");
        assertThat(output).doesNotExist();
    }

    @Test
    void truncatedGzippedImagesLeaveNothing() throws IOException {
        java.nio.file.Path idx = IdxFolder.write(Files.createDirectory(folder.resolve("idx")), 10, 5);
        Files.delete(idx.resolve("t10k-images-idx3-ubyte"));
        byte[] packed = IdxFolder.gzip(IdxFolder.images(5));
        Files.write(idx.resolve("t10k-images-idx3-ubyte.gz"), Arrays.copyOf(packed, packed.length - 20));
        ImageSource source = IdxSource.open(conf, path(idx), Optional.empty());
        assertRefused(() -> prepare(source, conf, false), "t10k-images-idx3-ubyte.gz", "truncated");
        assertThat(output).doesNotExist();
    }

    @Test
    void anEmptyFolderThatWasThereStaysEmpty() throws IOException {
        Files.createDirectory(output);
        damageLabel();
        assertRefused(() -> prepare(cifar(), conf, false), "label 77");
        assertThat(output).isEmptyDirectory();
    }

    @Test
    void aDataSetThatWasToBeReplacedStaysWholeWhenTheSourceIsDamaged() throws IOException {
        DatasetDescription first = prepare(cifar(), conf, false);
        Map<String, String> before = content();
        damageLabel();
        assertRefused(() -> prepare(cifar(), conf, true), "label 77");
        assertThat(content()).isEqualTo(before);
        assertThat(DatasetDescription.read(conf, path(output))).isEqualTo(first);
    }

    @Test
    void aFullDiskWithinAShardLeavesNothing() {
        Configuration failing = FailingFileSystem.configuration("train-00001");
        assertRefused(() -> prepare(cifar(), failing, false), "can't write", "train-00001", "No space left");
        assertThat(output).doesNotExist();
    }

    @Test
    void aFullDiskWithinTheDescriptionLeavesNothing() {
        Configuration failing = FailingFileSystem.configuration("dataset.json");
        assertRefused(() -> prepare(cifar(), failing, false), "can't write", "dataset.json", "No space left");
        assertThat(output).doesNotExist();
    }

    @Test
    void aFullDiskKeepsTheDataSetThatWasToBeReplaced() throws IOException {
        prepare(cifar(), FailingFileSystem.configuration("no file"), false);
        Map<String, String> before = content();
        for (String file : List.of("test-00000", "dataset.json")) {
            Configuration failing = FailingFileSystem.configuration(file);
            assertRefused(() -> prepare(cifar(), failing, true), "can't write", file);
            assertThat(content()).isEqualTo(before);
        }
    }

    @Test
    void aDescriptionThatCannotBeRenamedIsReplacedByTheOldOne() throws IOException {
        prepare(cifar(), FailingFileSystem.configuration("no file"), false);
        Map<String, String> before = content();
        Configuration failing = FailingFileSystem.refusingRenames(2);
        assertRefused(() -> prepare(cifar(), failing, true), "can't write", "dataset.json");
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void anOutputBelowAFileIsRefused() throws IOException {
        Files.writeString(output, "text");
        Path below = new Path(path(output), "below");
        assertRefused(() -> Prepare.run(cifar(), conf, below, new PrepareSettings(4, false)), below.toString());
        assertThat(output).hasContent("text");
    }

    private void damageLabel() throws IOException {
        java.nio.file.Path file = cifar.resolve("data_batch_3.bin");
        byte[] bytes = Files.readAllBytes(file);
        bytes[0] = 77;
        Files.write(file, bytes);
    }

    private ImageSource cifar() {
        return Cifar10Source.open(conf, path(cifar));
    }

    private DatasetDescription prepare(ImageSource source, Configuration configuration, boolean overwrite) {
        String scheme = configuration.get("fs.failing.impl") == null ? "file" : "failing";
        Path target = new Path(scheme, null, output.toString());
        return Prepare.run(source, configuration, target, new PrepareSettings(4, overwrite));
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> content = new HashMap<>();
        try (Stream<java.nio.file.Path> files = Files.list(output)) {
            for (java.nio.file.Path file : files.toList()) {
                content.put(file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return content;
    }

    private static Path path(java.nio.file.Path path) {
        return new Path(path.toUri());
    }
}
