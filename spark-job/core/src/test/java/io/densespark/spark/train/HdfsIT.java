package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.model.exchange.bigdl.BigDlModel;
import io.densespark.model.exchange.onnx.OnnxModel;
import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.SubmittedJob;
import io.densespark.spark.store.ModelFolder;
import io.densespark.spark.tensorboard.EventReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data, checkpoints and models on a real HDFS. */
@Tag("slow")
class HdfsIT {
    @TempDir
    private static java.nio.file.Path folder;

    private static MiniDFSCluster cluster;
    private static FileSystem files;
    private static String root;
    private static JsonNode result;
    private static int calls;

    @BeforeAll
    static void trainAModel() throws IOException {
        Configuration conf = new HdfsConfiguration();
        conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        cluster = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
        files = cluster.getFileSystem();
        root = cluster.getURI() + "/user/someone";
        files.copyFromLocalFile(new Path(TrainRun.digits(folder).toString()), new Path(root, "data"));
        result = train("run", 2);
    }

    @AfterAll
    static void stop() throws IOException {
        cluster.close();
    }

    private static JsonNode train(String name, int epochs, String... more) {
        List<String> arguments = new ArrayList<>(TrainRun.smallTraining(folder, folder, epochs, more));
        arguments.set(arguments.indexOf("--data") + 1, root + "/data");
        arguments.set(arguments.indexOf("--save") + 1, root + "/" + name);
        return TrainRun.resultOf(TrainRun.run(TrainRun.onTwoExecutors(), folder.resolve(name), arguments));
    }

    /** A command that needs no executors. */
    private static String call(String... arguments) {
        SubmittedJob.Result run = TrainRun.run(
                SparkSubmit.to(SparkHome.assembled(), "local[1]"), folder.resolve("call-" + ++calls), arguments);
        assertThat(run.exitStatus()).as(run.stderr()).isZero();
        return run.stdout();
    }

    private static byte[] exported(String format) throws IOException {
        String output = root + "/exchange/model." + format;
        assertThat(call("export", "--model", root + "/run/model", "--format", format, "--output", output))
                .contains("exported " + root + "/run/model as " + format + " to " + output);
        return content("exchange/model." + format);
    }

    private static byte[] content(String file) throws IOException {
        try (InputStream in = files.open(new Path(root, file))) {
            return in.readAllBytes();
        }
    }

    @Test
    void dataCheckpointsAndModelLieOnHdfs() throws IOException {
        assertThat(result.get("model").asText()).isEqualTo(root + "/run/model");
        assertThat(files.listStatus(new Path(root, "run/checkpoints"))).hasSize(2);
        for (String file : List.of("result.json", "results.csv", "model/model.safetensors", "model/model.json")) {
            assertThat(files.exists(new Path(root + "/run", file))).as(file).isTrue();
        }
        List<EventReader.Event> events = new ArrayList<>();
        for (FileStatus file : files.listStatus(new Path(root, "run/tensorboard"))) {
            events.addAll(
                    EventReader.read(content("run/tensorboard/" + file.getPath().getName())));
        }
        assertThat(events.stream().filter(event -> event.scalars().containsKey("step/loss")))
                .hasSize(20);
        assertThat(events.stream().filter(event -> event.scalars().containsKey("epoch/valid_error")))
                .hasSize(2);
    }

    @Test
    void anExportedModelThatIsImportedAgainIsEvaluatedAndTrainedOn() throws IOException {
        // The job jar has generated classes under other names than here: the files must not tell.
        ModelFolder model = ModelFolder.read(new Path(root, "run/model"), files.getConf());
        ByteArrayOutputStream bigDl = new ByteArrayOutputStream();
        BigDlModel.write(model.description(), model.state(), bigDl);
        assertThat(exported("bigdl")).isEqualTo(bigDl.toByteArray());
        ByteArrayOutputStream onnx = new ByteArrayOutputStream();
        OnnxModel.write(model.description(), model.state(), onnx);
        assertThat(exported("onnx")).isEqualTo(onnx.toByteArray());

        assertThat(call(
                        "import",
                        "--format",
                        "bigdl",
                        "--input",
                        root + "/exchange/model.bigdl",
                        "--output",
                        root + "/exchange/model"))
                .contains("images of 28x28x1, 10 classes");
        for (String file : List.of("model.safetensors", "model.json")) {
            assertThat(content("exchange/model/" + file)).as(file).isEqualTo(content("run/model/" + file));
        }
        assertThat(files.listStatus(new Path(root, "exchange")))
                .extracting(FileStatus::getPath)
                .extracting(Path::getName)
                .containsExactlyInAnyOrder("model", "model.bigdl", "model.onnx");

        JsonNode evaluated = TrainRun.resultOf(TrainRun.run(
                TrainRun.onTwoExecutors(),
                folder.resolve("evaluate"),
                "evaluate",
                "--model",
                root + "/exchange/model",
                "--data",
                root + "/data"));
        assertThat(evaluated.get("accuracy").asDouble())
                .isEqualTo(result.get("accuracy").asDouble());

        train("tuned", 1, "--init", root + "/exchange/model");
        assertThat(lossInTheFirstEpoch("tuned")).isLessThan(lossInTheFirstEpoch("run"));
    }

    private static double lossInTheFirstEpoch(String run) throws IOException {
        String rows = new String(content(run + "/results.csv"), StandardCharsets.UTF_8);
        return Double.parseDouble(rows.lines().toList().get(1).split(",", -1)[1]);
    }
}
