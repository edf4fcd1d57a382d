package io.densespark.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.fixture.FailingFileSystem;
import io.densespark.model.ModelException;
import io.densespark.model.network.ImageShape;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.RandomModel;
import io.densespark.model.weights.RandomModel.Kind;
import io.densespark.model.weights.Safetensors;
import io.densespark.spark.JobException;
import io.densespark.spark.store.ModelFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelExchangeTest {
    private static final RandomModel MODEL = Kind.WITH_DROPOUT.model();
    private static final ImportSettings NO_SETTINGS = settings(null);

    @TempDir
    private Path folder;

    private Configuration conf;
    private Path saved;

    @BeforeEach
    void saveAModel() throws IOException {
        conf = new Configuration();
        saved = folder.resolve("in/model");
        new ModelFolder(MODEL.description(), MODEL.state()).write(hadoop(saved), conf);
    }

    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }

    private static ImportSettings settings(Integer imageSize, String... classes) {
        return new ImportSettings(
                Optional.empty(), Optional.ofNullable(imageSize), List.of(classes), List.of(), List.of());
    }

    private Path export(ExportFormat format, Path output, boolean overwrite) {
        return Path.of(ModelExport.run(hadoop(saved), format, hadoop(output), overwrite, conf)
                .toUri());
    }

    private ModelDescription read(ImportFormat format, Path input, ImportSettings settings) {
        return ModelImport.run(format, hadoop(input), hadoop(folder.resolve("out/model")), false, settings, conf)
                .description();
    }

    /** A safetensors file as PyTorch's users have it: tensors alone. */
    private Path tensorsAlone() throws IOException {
        Path file = folder.resolve("in/tensors.safetensors");
        try (OutputStream out = Files.newOutputStream(file)) {
            Safetensors.write(MODEL.state(), out);
        }
        return file;
    }

    private void requireNothingIn(String name) throws IOException {
        if (Files.exists(folder.resolve(name))) {
            assertThat(folder.resolve(name)).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @EnumSource(ImportFormat.class)
    void whatIsExportedAndImportedIsTheSameModel(ImportFormat format) throws IOException {
        Path file = export(ExportFormat.valueOf(format.name()), folder.resolve("made/file"), false);

        assertThat(read(format, file, NO_SETTINGS)).isEqualTo(MODEL.description());

        ModelFolder back = ModelFolder.read(hadoop(folder.resolve("out/model")), conf);
        assertThat(back.description()).isEqualTo(MODEL.description());
        assertThat(RandomModel.bits(back.state())).isEqualTo(RandomModel.bits(MODEL.state()));
    }

    @ParameterizedTest
    @EnumSource(ExportFormat.class)
    void anExistingOutputIsReplacedOnlyOnRequest(ExportFormat format) throws IOException {
        Path file = folder.resolve("made/file");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "precious");

        assertThatThrownBy(() -> export(format, file, false))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll(file.toString(), "--overwrite");
        assertThat(file).hasContent("precious");

        export(format, file, true);
        assertThat(Files.size(file)).isGreaterThan(10_000);
    }

    @Test
    void aFolderIsNoPlaceForAFile() {
        assertThatThrownBy(() -> export(ExportFormat.onnx, folder.resolve("in"), true))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("is a folder");
        assertThat(saved).isDirectory();
    }

    @ParameterizedTest
    @EnumSource(ExportFormat.class)
    void aDamagedModelLeavesNoOutput(ExportFormat format) throws IOException {
        Path weights = saved.resolve(ModelDescription.WEIGHTS_FILE);
        byte[] whole = Files.readAllBytes(weights);
        Files.delete(saved.resolve("." + ModelDescription.WEIGHTS_FILE + ".crc"));
        Files.write(weights, Arrays.copyOf(whole, whole.length - 100));

        assertThatThrownBy(() -> export(format, folder.resolve("made/file"), false))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("truncated");
        requireNothingIn("made");
    }

    @ParameterizedTest
    @EnumSource(ExportFormat.class)
    void aModelWithoutOneOfItsTensorsLeavesNoOutput(ExportFormat format) throws IOException {
        Map<String, NamedTensor> state = new LinkedHashMap<>(MODEL.state());
        state.remove("classifier.bias");
        new ModelFolder(MODEL.description(), state).write(hadoop(saved), conf);

        assertThatThrownBy(() -> export(format, folder.resolve("made/file"), false))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("classifier.bias");
        requireNothingIn("made");
    }

    @Test
    void aFolderThatIsNoModelIsNamed() {
        assertThatThrownBy(() -> ModelExport.run(
                        hadoop(folder), ExportFormat.onnx, hadoop(folder.resolve("made/file")), false, conf))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll(folder.toString(), "no model folder");
    }

    @Test
    void aFileThatIsMissingIsNamed() throws IOException {
        Path missing = folder.resolve("in/missing");

        assertThatThrownBy(() -> read(ImportFormat.bigdl, missing, NO_SETTINGS))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll(missing.toString(), "--input");
        requireNothingIn("out");
    }

    @ParameterizedTest
    @EnumSource(ImportFormat.class)
    void aFileOfAnotherFormatLeavesNoOutput(ImportFormat format) throws IOException {
        Path file = Files.writeString(folder.resolve("in/file"), "once upon a time, long ago");

        assertThatThrownBy(() -> read(format, file, NO_SETTINGS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(file.toString());
        requireNothingIn("out");
    }

    @ParameterizedTest
    @CsvSource({"bigdl, onnx", "bigdl, safetensors", "safetensors, bigdl", "safetensors, onnx"})
    void aModelInAnotherFormatIsRefusedAsSuch(ImportFormat format, ExportFormat written) throws IOException {
        Path file = export(written, folder.resolve("made/file"), false);

        assertThatThrownBy(() -> read(format, file, NO_SETTINGS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(file.toString());
        requireNothingIn("out");
    }

    /** Just as a disk that is full. */
    @ParameterizedTest
    @EnumSource(ExportFormat.class)
    void anExportThatFailsWhileItIsWrittenLeavesTheOldFileAlone(ExportFormat format) throws IOException {
        Path made = Files.createDirectories(folder.resolve("made"));
        Path file = Files.writeString(made.resolve("file"), "precious");
        org.apache.hadoop.fs.Path output = new org.apache.hadoop.fs.Path("failing:" + file);

        assertThatThrownBy(() ->
                        ModelExport.run(hadoop(saved), format, output, true, FailingFileSystem.configuration(".file.")))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll(output.toString(), "No space left on device");
        assertThat(file).hasContent("precious");
        assertThat(made).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {ModelDescription.WEIGHTS_FILE, ModelDescription.FILE})
    void anImportThatFailsWhileItIsWrittenLeavesNoFolder(String full) throws IOException {
        Path made = Files.createDirectories(folder.resolve("made"));
        Path file = export(ExportFormat.bigdl, folder.resolve("in/file"), false);
        org.apache.hadoop.fs.Path output = new org.apache.hadoop.fs.Path("failing:" + made.resolve("model"));

        assertThatThrownBy(() -> ModelImport.run(
                        ImportFormat.bigdl,
                        hadoop(file),
                        output,
                        false,
                        NO_SETTINGS,
                        FailingFileSystem.configuration(full)))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll(output.toString(), "No space left on device");
        assertThat(made).isEmptyDirectory();
    }

    @Test
    void tensorsAloneNeedAnImageSize() throws IOException {
        Path file = tensorsAlone();

        assertThatThrownBy(() -> read(ImportFormat.safetensors, file, NO_SETTINGS))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll(file.toString(), "--image-size", "--data");
        requireNothingIn("out");

        ModelDescription made = read(ImportFormat.safetensors, file, settings(12));
        assertThat(made.image()).isEqualTo(new ImageShape(12, 12));
        assertThat(made.classes()).containsExactly("0", "1", "2");
        assertThat(made.mean()).containsExactly(0.0, 0.0);
        assertThat(made.std()).containsExactly(1.0, 1.0);
    }

    @Test
    void settingsComeBeforeWhatTheFileSays() {
        Path file = export(ExportFormat.safetensors, folder.resolve("made/file"), false);

        ModelDescription made = read(ImportFormat.safetensors, file, settings(16, "a", "b", "c"));

        assertThat(made.image()).isEqualTo(new ImageShape(16, 16));
        assertThat(made.classes()).containsExactly("a", "b", "c");
        assertThat(made.mean()).isEqualTo(MODEL.description().mean());
    }

    @Test
    void classesOfAnotherNumberAreRefused() throws IOException {
        Path file = tensorsAlone();

        assertThatThrownBy(() -> read(ImportFormat.safetensors, file, settings(12, "a", "b")))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll("has 3 classes", "have 2");
        requireNothingIn("out");
    }

    @Test
    void imagesTooSmallForTheNetworkAreRefused() throws IOException {
        Path file = tensorsAlone();

        assertThatThrownBy(() -> read(ImportFormat.safetensors, file, settings(1)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("too small");
        requireNothingIn("out");
    }

    @Test
    void normalizationIsGivenWholeAndPositive() {
        assertThatThrownBy(() ->
                        new ImportSettings(Optional.empty(), Optional.empty(), List.of(), List.of(0.5), List.of()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("mean and std belong together");
        assertThatThrownBy(() ->
                        new ImportSettings(Optional.empty(), Optional.empty(), List.of(), List.of(0.5), List.of(0.0)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting std");
    }
}
