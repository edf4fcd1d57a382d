package io.densespark.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.LabelKind;
import io.densespark.data.fixture.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code prepare} of users' own images, as a user calls it, on Spark in this JVM. */
class PrepareRecordsTest {
    private static final Map<String, String> SPARK = Map.of(
            "spark.master", "local[2]",
            "spark.ui.enabled", "false",
            "spark.driver.host", "127.0.0.1",
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.sql.shuffle.partitions", "2");

    private final Map<String, String> before = new HashMap<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void setSparksProperties() {
        SPARK.forEach((key, value) -> before.put(key, System.setProperty(key, value)));
    }

    @AfterEach
    void restoreProperties() {
        before.forEach((key, value) -> {
            if (value == null) {
                System.clearProperty(key);
            } else {
                System.setProperty(key, value);
            }
        });
    }

    @Test
    void foldersArePrepared() {
        ImageFiles.fill(folder.resolve("pets/cat"), 10, 1);
        ImageFiles.fill(folder.resolve("pets/dog"), 10, 100);

        CommandRun run = prepare("folder", "pets", "--image-size", "3", "--channels", "grey", "--valid-share", "0.2");

        assertThat(run.exitStatus()).as(run.stderr()).isZero();
        assertThat(run.stdout())
                .contains("pets: 14 training, 4 validation and 2 test images of 3x3x1, 2 classes, in " + out());
        assertThat(made().shape()).isEqualTo(new ImageShape(3, 3, 1));
    }

    @Test
    void tablesWithSeveralLabelsArePreparedAndBadRowsPutAside() throws IOException {
        ImageFiles.fill(folder.resolve("xray"), 10, 1);
        List<String> lines = new ArrayList<>(List.of("file,Edema,Mass,patient"));
        for (int i = 0; i < 10; i++) {
            lines.add(String.format(Locale.ROOT, "xray/%03d.png,%d,,p%d", i, i % 2, i / 2));
        }
        lines.add("xray/gone.png,1,1,p9");
        Files.write(folder.resolve("labels.csv"), lines);

        CommandRun run = prepare(
                "csv",
                "labels.csv",
                "--image-column",
                "file",
                "--label-columns",
                "Edema,Mass",
                "--multi-label",
                "--group-column",
                "patient",
                "--test-share",
                "0.4",
                "--on-bad",
                "quarantine",
                "--max-bad",
                "0.2");

        assertThat(run.exitStatus()).as(run.stderr()).isZero();
        assertThat(run.stdout()).contains("1 images can't be prepared: see " + out() + "/quarantine-");
        assertThat(made().labels()).isEqualTo(LabelKind.MULTI);
        assertThat(made().classes()).containsExactly("Edema", "Mass");
        assertThat(made().counts().get("test") % 2).isZero();
    }

    @Test
    void aBadImageAndAMissingColumnAreNamedWithTheOptionThatHelps() throws IOException {
        ImageFiles.fill(folder.resolve("pets/cat"), 10, 1);
        ImageFiles.write(folder.resolve("pets/cat/no.png"), new byte[] {1});
        assertThat(prepare("folder", "pets").errors())
                .singleElement()
                .asString()
                .contains("pets/cat/no.png can't be prepared", "--on-bad quarantine");
        Files.writeString(folder.resolve("labels.csv"), "path,class\n1,a\n");
        assertThat(prepare("csv", "labels.csv").errors())
                .singleElement()
                .asString()
                .contains("has no column 'label', but [path, class]: give --label-column");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void optionsOfOtherSourcesAreRefusedBeforeSparkStarts() {
        assertThat(prepare("folder", "pets", "--label-column", "x").errors())
                .singleElement()
                .asString()
                .contains("setting label-column is for --source csv, jsonl, parquet, table, not for folder");
        assertThat(prepare("cifar10", "pets", "--seed", "1").errors())
                .singleElement()
                .asString()
                .contains("setting seed is for --source csv, folder, jsonl, parquet, table, tar, not for cifar10");
        assertThat(prepare("folder", "pets", "--max-bad", "0.5").errors())
                .singleElement()
                .asString()
                .contains("setting max-bad is for --on-bad quarantine");
    }

    @Test
    void imagesAreKeptEncodedOnlyWithTheSizeThatTheyAreTrainedIn() {
        CommandRun run = prepare("folder", "pets", "--keep-encoded");

        assertThat(run.exitStatus()).isEqualTo(1);
        assertThat(run.stderr()).contains("the size that encoded images are trained in is missing");
    }

    private CommandRun prepare(String source, String input, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "prepare", "--source", source, "--input", folder.resolve(input).toString(), "--output", out()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private String out() {
        return folder.resolve("out").toString();
    }

    private DatasetDescription made() {
        return DatasetDescription.read(new Configuration(), new org.apache.hadoop.fs.Path(out()));
    }
}
