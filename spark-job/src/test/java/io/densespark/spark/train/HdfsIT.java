package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.spark.harness.SubmittedJob;
import io.densespark.spark.tensorboard.EventReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data, checkpoints and model on a real HDFS. */
class HdfsIT {
    @TempDir
    private Path folder;

    @Test
    void dataCheckpointsAndModelLieOnHdfs() throws IOException {
        Configuration conf = new HdfsConfiguration();
        conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        try (MiniDFSCluster cluster =
                        new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
                FileSystem files = cluster.getFileSystem()) {
            String root = cluster.getURI() + "/user/someone";
            Path prepared = TrainRun.digits(folder);
            org.apache.hadoop.fs.Path data = new org.apache.hadoop.fs.Path(root, "data");
            files.copyFromLocalFile(new org.apache.hadoop.fs.Path(prepared.toString()), data);

            List<String> arguments = new ArrayList<>(TrainRun.smallTraining(folder, folder, 2));
            arguments.set(arguments.indexOf("--data") + 1, data.toString());
            arguments.set(arguments.indexOf("--save") + 1, root + "/run");
            SubmittedJob.Result run = TrainRun.run(TrainRun.onTwoExecutors(), folder.resolve("train"), arguments);

            JsonNode result = TrainRun.resultOf(run);
            assertThat(result.get("model").asText()).isEqualTo(root + "/run/model");
            assertThat(files.listStatus(new org.apache.hadoop.fs.Path(root, "run/checkpoints")))
                    .hasSize(2);
            List<EventReader.Event> events = new ArrayList<>();
            for (FileStatus file : files.listStatus(new org.apache.hadoop.fs.Path(root, "run/tensorboard"))) {
                try (InputStream in = files.open(file.getPath())) {
                    events.addAll(EventReader.read(in.readAllBytes()));
                }
            }
            assertThat(events.stream().filter(event -> event.scalars().containsKey("step/loss")))
                    .hasSize(20);
            assertThat(events.stream().filter(event -> event.scalars().containsKey("epoch/valid_error")))
                    .hasSize(2);
            for (String file : List.of("result.json", "results.csv", "model/model.safetensors", "model/model.json")) {
                assertThat(files.exists(new org.apache.hadoop.fs.Path(root + "/run", file)))
                        .as(file)
                        .isTrue();
            }
        }
    }
}
