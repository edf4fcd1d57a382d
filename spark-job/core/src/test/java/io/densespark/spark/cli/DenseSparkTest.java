package io.densespark.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.source.BundledMnist;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong input ends in one line on standard error, and leaves nothing behind. */
class DenseSparkTest {
    @TempDir
    private static Path shared;

    private static Path data;

    @TempDir
    private Path folder;

    private final PrintStream realError = System.err;
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @BeforeAll
    static void prepareDigits() {
        data = shared.resolve("data");
        Prepare.run(
                BundledMnist.open(),
                new Configuration(),
                new org.apache.hadoop.fs.Path(data.toString()),
                new PrepareSettings(PrepareSettings.DEFAULT_ROWS_PER_SHARD, false));
    }

    @BeforeEach
    void captureErrors() {
        System.setProperty("spark.master", "local[1]");
        System.setProperty("spark.ui.enabled", "false");
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restoreErrors() {
        System.setErr(realError);
        System.clearProperty("spark.master");
        System.clearProperty("spark.ui.enabled");
    }

    private String error(String... arguments) {
        int status = DenseSpark.execute(arguments);
        List<String> lines = errors.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("error: "))
                .toList();
        assertThat(status).as(errors.toString(StandardCharsets.UTF_8)).isEqualTo(1);
        assertThat(lines).as(errors.toString(StandardCharsets.UTF_8)).hasSize(1);
        return lines.get(0);
    }

    private String trainError(String... more) {
        List<String> arguments = new ArrayList<>(List.of("train"));
        if (!List.of(more).contains("--data")) {
            arguments.addAll(List.of("--data", data.toString()));
        }
        arguments.addAll(List.of("--save", folder.resolve("save").toString()));
        arguments.addAll(List.of(more));
        String error = error(arguments.toArray(String[]::new));
        assertThat(folder.resolve("save")).doesNotExist();
        return error;
    }

    @Test
    void withoutTheirJarTheBenchmarksSayWhatToAdd() {
        assertThat(DenseSpark.execute("benchmark", "cluster", "--replicas", "1,2"))
                .isEqualTo(2);

        assertThat(errors.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "error: the benchmarks are in a jar of their own: add --jars densespark-benchmark.jar to"
                                + " spark-submit's options");
    }

    @Test
    void anUnknownOptionIsWrongUsage() {
        assertThat(DenseSpark.execute("train", "--growth=12")).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "error: Unknown option: '--growth=12'",
                        "Possible solutions: --growth-rate",
                        "see densespark train --help");
    }

    @Test
    void aValueThatAnOptionCannotHaveIsWrongUsage() {
        assertThat(DenseSpark.execute("inspect", "--batch", "many")).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "error: Invalid value for option '--batch': 'many' is not an int",
                        "see densespark inspect --help");
    }

    @Test
    void anUnknownCommandIsWrongUsage() {
        assertThat(DenseSpark.execute("trian")).isEqualTo(2);
    }

    @Test
    void aMissingSettingIsNamed() {
        assertThat(error("train", "--save", folder.toString()))
                .contains("setting data is missing")
                .contains("--data");
    }

    @Test
    void anUnknownSettingInARecipeIsNamed() throws IOException {
        Path recipe = Files.writeString(folder.resolve("mine.yaml"), "depth: 40\ngrowth: 12\n");
        assertThat(trainError("--recipe", recipe.toString()))
                .contains("unknown setting growth")
                .contains("mine.yaml")
                .contains("growth-rate");
    }

    @Test
    void aMissingDataFolderIsNamed() {
        assertThat(trainError("--data", folder.resolve("nowhere").toString())).contains("nowhere");
    }

    @Test
    void aDepthThatNoDenseNetHasIsRefused() {
        assertThat(trainError("--depth", "41")).contains("depth 41").contains("6n + 4");
    }

    @Test
    void aValidationSetThatLeavesNothingToTrainOnIsRefused() {
        assertThat(trainError("--valid-size", "9000")).contains("9000");
    }

    @Test
    void aCropPaddingAsLargeAsTheImageIsRefused() {
        assertThat(trainError("--crop-padding", "28")).contains("28");
    }

    @Test
    void aNumberThatIsNoneIsNamed() {
        assertThat(trainError("--epochs", "many")).contains("epochs").contains("many");
    }

    @Test
    void aTruncatedShardIsNamedBeforeTheFirstStep() throws IOException {
        Path broken = copyOfData();
        Path shard;
        try (Stream<Path> files = Files.list(broken)) {
            shard = files.filter(file -> file.getFileName().toString().startsWith("train-"))
                    .findFirst()
                    .orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(shard.toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        Files.deleteIfExists(shard.resolveSibling("." + shard.getFileName() + ".crc"));

        assertThat(trainError(
                        "--data", broken.toString(), "--depth", "10", "--growth-rate", "4", "--valid-size", "100"))
                .contains(shard.getFileName().toString());
    }

    private Path copyOfData() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("broken"));
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    @Test
    void imagesThatAreTooSmallForTheNetworkAreRefused() throws IOException {
        Path tiny = IdxFiles.write(Files.createDirectories(folder.resolve("idx")), 3, 3, 40, 10);
        Path prepared = folder.resolve("tiny");
        assertThat(DenseSpark.execute(
                        "prepare", "--source", "idx", "--input", tiny.toString(), "--output", prepared.toString()))
                .isZero();

        assertThat(trainError("--data", prepared.toString(), "--valid-size", "10", "--crop-padding", "0"))
                .contains("3x3")
                .contains("4x4");
    }

    @Test
    void aTruncatedSourceLeavesNoDataSet() throws IOException {
        Path files = Files.createDirectories(folder.resolve("cifar"));
        for (int batch = 1; batch <= 5; batch++) {
            Files.write(files.resolve("data_batch_" + batch + ".bin"), new byte[3073 * 2 - (batch == 3 ? 1 : 0)]);
        }
        Files.write(files.resolve("test_batch.bin"), new byte[3073 * 2]);

        assertThat(error(
                        "prepare",
                        "--source",
                        "cifar10",
                        "--input",
                        files.toString(),
                        "--output",
                        folder.resolve("out").toString()))
                .contains("data_batch_3.bin");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void bigDlImagesOfDifferentSizesNeedAnImageSize() throws IOException {
        String files =
                BigDlFiles.write(folder.resolve("bigdl"), 3, 5, 5, 4, 4, 6).toString();
        String out = folder.resolve("out").toString();
        assertThat(error("prepare", "--source", "bigdl", "--input", files, "--output", out))
                .contains("record 1")
                .contains("5x4x3")
                .contains("3x5x3")
                .contains("--image-size");
        assertThat(Path.of(out)).doesNotExist();

        assertThat(DenseSpark.execute(
                        "prepare", "--source", "bigdl", "--input", files, "--output", out, "--image-size", "4"))
                .isZero();
        DatasetDescription prepared = DatasetDescription.read(new Configuration(), new org.apache.hadoop.fs.Path(out));
        assertThat(prepared.shape()).isEqualTo(new ImageShape(4, 4, 3));
        assertThat(prepared.classes()).containsExactly("1", "2", "3");
        assertThat(prepared.count("train")).isEqualTo(3);
        assertThat(prepared.count("test")).isEqualTo(3);
    }

    @Test
    void anImageSizeForAnotherSourceIsRefused() {
        assertThat(error(
                        "prepare",
                        "--source",
                        "mnist",
                        "--image-size",
                        "32",
                        "--output",
                        folder.resolve("out").toString()))
                .contains("setting image-size")
                .contains("mnist");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aSetIsChosenByName() throws IOException {
        Path files = IdxFiles.write(Files.createDirectories(folder.resolve("sets")), 3, 3, 20, 10);
        for (String part : List.of("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")) {
            Files.copy(
                    files.resolve(part + "-ubyte"),
                    files.resolve("emnist-digits-" + part.replace("t10k", "test") + "-ubyte"));
        }
        String out = folder.resolve("digits").toString();
        String input = files.toString();
        assertThat(error("prepare", "--source", "idx", "--input", input, "--output", out))
                .contains("several data sets, emnist-digits, mnist: give --set");
        assertThat(DenseSpark.execute(
                        "prepare", "--source", "idx", "--input", input, "--output", out, "--set", "emnist-digits"))
                .isZero();
        assertThat(DatasetDescription.read(new Configuration(), new org.apache.hadoop.fs.Path(out))
                        .name())
                .isEqualTo("emnist-digits");
    }

    @Test
    void aSetOfAnotherSourceIsRefused() {
        String out = folder.resolve("out").toString();
        assertThat(error("prepare", "--source", "mnist", "--set", "mnist", "--output", out))
                .contains("setting set is for --source cifar100, idx", "leave out --set");
    }

    @Test
    void aFolderThatIsNoModelIsNamed() {
        assertThat(error("evaluate", "--model", folder.toString(), "--data", data.toString()))
                .contains("no model folder")
                .contains("model.json");
    }

    @Test
    void weightsToBeginWithThatAreNotThereOrNoneAreNamed() throws IOException {
        String missing = folder.resolve("missing.safetensors").toString();
        assertThat(trainError("--init", missing)).contains(missing).contains("--init");
        errors.reset();
        String text = Files.writeString(folder.resolve("text.safetensors"), "no weights, just text")
                .toString();
        assertThat(trainError("--init", text)).contains(text).contains("no valid safetensors file");
    }

    @Test
    void aRecomputeLevelThatIsNoneIsNamed() {
        assertThat(trainError("--recompute", "all")).contains("recompute").contains("auto");
        errors.reset();
        assertThat(trainError("--recompute", "bottleneck", "--efficient", "false"))
                .contains("contradict");
    }

    @Test
    void inspectPrintsLayersAndThePlanOfEachLevel() throws IOException {
        List<String> lines = output("inspect", "--preset", "densenet-bc-100-12", "--batch", "8", "--workers", "2")
                .lines()
                .toList();

        assertThat(lines).anyMatch(line -> line.contains("769,162"));
        assertThat(lines).anyMatch(line -> line.contains("features.denseblock1.denselayer1.conv1"));
        for (RecomputeLevel level : RecomputeLevel.values()) {
            assertThat(lines).anyMatch(line -> line.contains(level.toString()));
        }
    }

    @Test
    void inspectGivesTheSameAsJson() throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(output(
                        "inspect", "--preset", "densenet-bc-100-12", "--batch", "8", "--workers", "2", "--json"));

        assertThat(json.get("parameters").asLong()).isEqualTo(769_162);
        assertThat(json.get("layers").get(0).get("name").asText()).isEqualTo("features.conv0");
        DenseNetSpec spec = DenseNetSpec.bc(100, 12, 3, 10);
        for (RecomputeLevel level : RecomputeLevel.values()) {
            MemoryPlan plan = MemoryPlan.of(new ReplicaSettings(
                    spec, new io.densespark.model.network.ImageShape(32, 32), 8, level, 2, Device.CPU));
            assertThat(json.get("plans")
                            .get(level.toString())
                            .get("total_bytes")
                            .asLong())
                    .isEqualTo(plan.totalBytes());
        }
    }

    @Test
    void inspectPlansForAGpuWithoutOne() throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(output("inspect", "--batch", "8", "--workers", "2", "--device", "cuda", "--json"));

        assertThat(json.get("device").asText()).isEqualTo("cuda");
        assertThat(json.get("workers").asInt()).isEqualTo(1);
        MemoryPlan plan = MemoryPlan.of(new ReplicaSettings(
                DenseNetSpec.bc(100, 12, 3, 10),
                new io.densespark.model.network.ImageShape(32, 32),
                8,
                RecomputeLevel.NONE,
                1,
                Device.cuda(0)));
        assertThat(json.get("plans").get("none").get("total_bytes").asLong()).isEqualTo(plan.totalBytes());
        assertThat(output("inspect", "--batch", "8", "--device", "cuda"))
                .contains("Memory plan of a replica (8 images, recompute level none, on a GPU):");
    }

    /** Standard output of a command that succeeds. */
    private String output(String... args) {
        PrintStream real = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(DenseSpark.execute(args))
                    .as(errors.toString(StandardCharsets.UTF_8))
                    .isZero();
        } finally {
            System.setOut(real);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aNetworkIsAskedForAsInTraining() {
        assertThat(output("inspect", "--batch", "2")).contains("DenseNet-BC, depth 100, growth rate 12");
        assertThat(output("inspect", "--batch", "2", "--block-config", "2,3", "--growth-rate", "8", "--dropout", "0.1"))
                .contains("DenseNet-BC, blocks [2, 3], growth rate 8, dropout 0.1");
        assertThat(output("inspect", "--batch", "2", "--depth", "10", "--bottleneck", "False", "--stem", "imagenet"))
                .contains("DenseNet, depth 10, growth rate 12, ImageNet stem")
                .contains("224x224");
    }

    @Test
    void aNetworkThatCannotBeIsRefusedByInspect() {
        assertThat(error("inspect", "--preset", "densenet-121", "--depth", "40"))
                .contains("settings preset and depth contradict each other");
        errors.reset();
        assertThat(error("inspect", "--preset", "densenet-122")).contains("densenet-121");
    }

    @Test
    void everyCommandRefusesAPlaceWhoseFileSystemIsNotThereInOneLine() {
        String save = folder.resolve("save").toString();
        List<List<String>> commands = List.of(
                List.of("train", "--data", "s3a://bucket/x", "--save", save),
                List.of("train", "--data", data.toString(), "--save", "s3a://bucket/x"),
                List.of("train", "--data", data.toString(), "--save", save, "--init", "s3a://bucket/x"),
                List.of("train", "--data", data.toString(), "--save", save, "--recipe", "s3a://bucket/x"),
                List.of("evaluate", "--model", "s3a://bucket/x", "--data", data.toString()),
                List.of("prepare", "--source", "idx", "--input", "s3a://bucket/x", "--output", save),
                List.of("prepare", "--source", "mnist", "--output", "s3a://bucket/x"),
                List.of("export", "--model", "s3a://bucket/x", "--format", "onnx", "--output", save),
                List.of("import", "--format", "bigdl", "--input", "s3a://bucket/x", "--output", save),
                List.of("demo", "--output", "s3a://bucket/x"));
        for (List<String> command : commands) {
            errors.reset();
            assertThat(error(command.toArray(String[]::new)))
                    .containsPattern("error: --[a-z]+ s3a://bucket/x: ")
                    .contains("--packages org.apache.hadoop:hadoop-aws:");
            assertThat(folder.resolve("save")).doesNotExist();
        }
    }
}
