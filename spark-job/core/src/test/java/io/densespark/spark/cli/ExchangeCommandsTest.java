package io.densespark.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.RandomModel;
import io.densespark.model.weights.Safetensors;
import io.densespark.spark.store.ModelFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code export} and {@code import} as users type them. */
class ExchangeCommandsTest {
    private static final RandomModel MODEL = RandomModel.of(DenseNetSpec.bc(10, 4, 3, 3), new ImageShape(4, 4), 1);

    @TempDir
    private Path folder;

    private String model;

    @BeforeEach
    void saveAModel() throws IOException {
        model = folder.resolve("model").toString();
        new ModelFolder(MODEL.description(), MODEL.state())
                .write(new org.apache.hadoop.fs.Path(model), new Configuration());
    }

    /** A safetensors file that tells nothing but tensors. */
    private String tensorsAlone() throws IOException {
        Path file = folder.resolve("tensors.safetensors");
        try (OutputStream out = Files.newOutputStream(file)) {
            Safetensors.write(MODEL.state(), out);
        }
        return file.toString();
    }

    private ModelDescription imported(String name) throws IOException {
        return ModelFolder.readDescription(
                new org.apache.hadoop.fs.Path(folder.resolve(name).toString()), new Configuration());
    }

    private CommandRun importTensors(String name, String... more) throws IOException {
        List<String> arguments = List.of(
                "import",
                "--format",
                "safetensors",
                "--input",
                tensorsAlone(),
                "--output",
                folder.resolve(name).toString());
        return CommandRun.of(
                Stream.concat(arguments.stream(), Arrays.stream(more)).toArray(String[]::new));
    }

    /** Three images of three classes, named 1, 2 and 3, in BigDL's files, prepared. */
    private String prepared() throws IOException {
        Path files = BigDlFiles.write(folder.resolve("files"), 4, 4, 4, 4, 4, 4);
        String data = folder.resolve("data").toString();
        assertThat(CommandRun.of("prepare", "--source", "bigdl", "--input", files.toString(), "--output", data)
                        .exitStatus())
                .isZero();
        return data;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bigdl", "onnx", "safetensors"})
    void anExportTellsWhatItHasWritten(String format) {
        Path output = folder.resolve("exported");

        CommandRun run = CommandRun.of("export", "--model", model, "--format", format, "--output", output.toString());

        assertThat(run.exitStatus()).as(run.stderr()).isZero();
        assertThat(run.stdout()).isEqualTo("exported " + model + " as " + format + " to file:" + output + "\n");
        assertThat(output).isNotEmptyFile();
    }

    @Test
    void anExistingFileIsKeptUnlessItMayBeOverwritten() throws IOException {
        Path output = Files.writeString(folder.resolve("exported"), "precious");
        String[] arguments = {"export", "--model", model, "--format", "onnx", "--output", output.toString()};

        CommandRun refused = CommandRun.of(arguments);
        assertThat(refused.exitStatus()).isEqualTo(1);
        assertThat(refused.errors())
                .containsExactly("error: setting output file:" + output
                        + " exists: give another name, or --overwrite to replace it");
        assertThat(output).hasContent("precious");

        String[] overwriting = Arrays.copyOf(arguments, arguments.length + 1);
        overwriting[arguments.length] = "--overwrite";
        assertThat(CommandRun.of(overwriting).exitStatus()).isZero();
        assertThat(Files.size(output)).isGreaterThan(1000);
    }

    @Test
    void aFormatThatIsNoneIsWrongUsageAndTheFormatsAreNamed() {
        CommandRun export = CommandRun.of("export", "--model", model, "--format", "pickle", "--output", "there");
        assertThat(export.exitStatus()).isEqualTo(2);
        assertThat(export.stderr()).contains("--format").contains("bigdl, onnx, safetensors");

        CommandRun onnx = CommandRun.of("import", "--format", "onnx", "--input", "here", "--output", "there");
        assertThat(onnx.exitStatus()).isEqualTo(2);
        assertThat(onnx.stderr()).contains("--format").contains("bigdl, safetensors");
    }

    @Test
    void aMissingOptionIsWrongUsage() {
        CommandRun run = CommandRun.of("import", "--format", "bigdl", "--input", "here");

        assertThat(run.exitStatus()).isEqualTo(2);
        assertThat(run.stderr()).contains("--output");
    }

    @Test
    void anImportTakesWhatTheFileLacksFromItsOptions() throws IOException {
        CommandRun run = importTensors(
                "imported",
                "--image-size",
                "4",
                "--classes",
                "cat,dog,bird of prey",
                "--mean",
                "0.5,0.25,0.125",
                "--std",
                "0.5,1,2");

        assertThat(run.exitStatus()).as(run.stderr()).isZero();
        assertThat(run.stdout())
                .startsWith("imported a DenseNet of ")
                .contains("images of 4x4x3, 3 classes, mean [0.5, 0.25, 0.125], std [0.5, 1.0, 2.0]")
                .endsWith("to " + folder.resolve("imported") + "\n");
        ModelDescription made = imported("imported");
        assertThat(made.classes()).containsExactly("cat", "dog", "bird of prey");
        assertThat(made.mean()).containsExactly(0.5, 0.25, 0.125);
        assertThat(made.std()).containsExactly(0.5, 1.0, 2.0);
        assertThat(made.image()).isEqualTo(new ImageShape(4, 4));
    }

    @Test
    void anImportTakesThemFromADataSet() throws IOException {
        CommandRun run = importTensors("imported", "--data", prepared());

        assertThat(run.exitStatus()).as(run.stderr()).isZero();
        ModelDescription made = imported("imported");
        assertThat(made.classes()).containsExactly("1", "2", "3");
        assertThat(made.image()).isEqualTo(new ImageShape(4, 4));
        assertThat(made.mean()).hasSize(3).allMatch(value -> value > 0);
    }

    @Test
    void anImportThatLacksSomethingTellsTheOptionAndLeavesNothing() throws IOException {
        assertThat(importTensors("imported").errors())
                .singleElement()
                .asString()
                .contains("tensors.safetensors", "--image-size", "--data");
        assertThat(importTensors("imported", "--image-size", "4", "--classes", "a,b")
                        .errors())
                .singleElement()
                .asString()
                .contains("has 3 classes", "have 2");
        assertThat(importTensors("imported", "--image-size", "4", "--mean", "0.5,0.5,0.5")
                        .errors())
                .singleElement()
                .asString()
                .contains("mean and std belong together");
        assertThat(importTensors("imported", "--data", folder.resolve("nowhere").toString())
                        .errors())
                .singleElement()
                .asString()
                .contains("nowhere");
        assertThat(folder.resolve("imported")).doesNotExist();
    }

    @Test
    void classesThatWereNeverNamedAreNotTakenForOthersAndTheRemedyIsNamed() throws IOException {
        String data = prepared();
        assertThat(importTensors("imported", "--image-size", "4").exitStatus()).isZero();
        System.setProperty("spark.master", "local[1]");
        System.setProperty("spark.ui.enabled", "false");
        try {
            CommandRun run = CommandRun.of(
                    "evaluate", "--model", folder.resolve("imported").toString(), "--data", data);

            assertThat(run.exitStatus()).isEqualTo(1);
            assertThat(run.errors())
                    .singleElement()
                    .asString()
                    .contains("has numbers for names of its classes", "[1, 2, 3]", "--data", "--classes");
        } finally {
            System.clearProperty("spark.master");
            System.clearProperty("spark.ui.enabled");
        }
    }
}
