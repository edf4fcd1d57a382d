package io.densespark.benchmark.bigdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.densespark.benchmark.step.Implementation;
import io.densespark.benchmark.step.Layout;
import io.densespark.benchmark.step.Problem;
import io.densespark.benchmark.step.ProblemFiles;
import io.densespark.benchmark.step.StepTask;
import io.densespark.data.DatasetDescription;
import io.densespark.data.fixture.Digits;
import io.densespark.data.source.BundledMnist;
import io.densespark.data.source.ImageReader;
import io.densespark.model.exchange.bigdl.BigDlModel;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.RandomModel;
import io.densespark.model.weights.Safetensors;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What both processes are given. */
class BigDlFilesTest {
    private static final DenseNetSpec SPEC = DenseNetSpec.bc(10, 4, 1, 10);
    private static final ImageShape IMAGE = new ImageShape(28, 28);
    private static final int BATCH = 15;

    @TempDir
    private Path folder;

    private DatasetDescription dataset(Path data) {
        return DatasetDescription.read(new Configuration(), new org.apache.hadoop.fs.Path(data.toUri()));
    }

    @Test
    void theBatchIsTheFirstImagesOfTheTrainSplitNormalized() throws IOException {
        // The second shard has the last three of them.
        int count = 2003;
        Path data = Digits.prepare(folder, 2000);
        DatasetDescription dataset = dataset(data);
        Problem problem = Problem.of(SPEC, IMAGE, count, folder);

        PreparedBatch.write(problem, dataset, new org.apache.hadoop.fs.Path(data.toUri()), new Configuration());

        float[] pixels = ProblemFiles.readPixels(problem);
        int[] labels = ProblemFiles.readLabels(problem);
        byte[] image = new byte[IMAGE.pixels()];
        try (ImageReader reader = BundledMnist.open().open(DatasetDescription.TRAIN)) {
            for (int n = 0; n < count; n++) {
                assertThat(labels[n]).isEqualTo(reader.next(image));
                for (int i = 0; i < image.length; i++) {
                    double expected =
                            ((image[i] & 0xff) / 255.0 - dataset.mean().get(0))
                                    / dataset.std().get(0);
                    assertThat(pixels[n * image.length + i]).isCloseTo((float) expected, within(1e-5f));
                }
            }
        }
    }

    @Test
    void aBatchOfMoreImagesThanThereAreIsRefused() {
        Path data = Digits.prepare(folder, 10_000);
        Problem problem = Problem.of(SPEC, IMAGE, 9001, folder);

        assertThatThrownBy(() -> PreparedBatch.write(
                        problem, dataset(data), new org.apache.hadoop.fs.Path(data.toUri()), new Configuration()))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll("setting batch 9001", "has only 9000 training images");
    }

    @Test
    void theModelForBigDlHasTheWeightsBitForBit() throws IOException {
        Problem problem = Problem.of(SPEC, IMAGE, BATCH, folder);
        Map<String, NamedTensor> weights = RandomModel.of(SPEC, IMAGE, 3).state();
        try (OutputStream out = Files.newOutputStream(Path.of(problem.weights()))) {
            Safetensors.write(weights, out);
        }
        Path model = folder.resolve("model.bigdl");

        BigDlFiles.writeModel(problem, dataset(Digits.prepare(folder, 10_000)), model);

        try (InputStream in = Files.newInputStream(model)) {
            assertThat(RandomModel.bits(BigDlModel.read(in, "theirs").state())).isEqualTo(RandomModel.bits(weights));
        }
    }

    @Test
    void theTaskTellsAllThatBigDlIsTrainedWith() throws IOException {
        Problem problem = Problem.of(SPEC, IMAGE, BATCH, folder);
        StepTask task = new StepTask(
                Implementation.DENSESPARK,
                Layout.CHANNELS_LAST,
                RecomputeLevel.NONE,
                Device.Kind.CPU,
                Precision.FP32,
                3,
                false,
                "there",
                0.5,
                0.75,
                0.125,
                problem,
                problem);

        BigDlFiles.writeTask(task, folder.resolve("model.bigdl"), folder.resolve("task"));

        Properties written = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve("task"))) {
            written.load(reader);
        }
        assertThat(written)
                .containsOnly(
                        Map.entry("model", folder.resolve("model.bigdl").toString()),
                        Map.entry("data", problem.data()),
                        Map.entry("batch", "15"),
                        Map.entry("channels", "1"),
                        Map.entry("height", "28"),
                        Map.entry("width", "28"),
                        Map.entry("cores", "3"),
                        Map.entry("learning.rate", "0.5"),
                        Map.entry("momentum", "0.75"),
                        Map.entry("weight.decay", "0.125"));
    }
}
