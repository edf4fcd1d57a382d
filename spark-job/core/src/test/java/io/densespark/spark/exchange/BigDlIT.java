package io.densespark.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.DatasetDescription;
import io.densespark.data.source.BigDlSource;
import io.densespark.data.source.ImageReader;
import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.StemKind;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.RandomModel;
import io.densespark.model.weights.RandomModel.Kind;
import io.densespark.spark.harness.IsolatedBigDl;
import io.densespark.spark.store.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Models and images that real BigDL reads and writes. */
@Tag("slow")
class BigDlIT {
    private static final IsolatedBigDl BIGDL = IsolatedBigDl.get();
    private static final ImportSettings NO_SETTINGS =
            new ImportSettings(Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());
    private static final int BATCH = 3;

    @TempDir
    private Path folder;

    private Configuration conf;

    @BeforeEach
    void useLocalFiles() {
        conf = new Configuration();
    }

    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }

    private Path exported(RandomModel model) throws IOException {
        Path saved = folder.resolve("model");
        new ModelFolder(model.description(), model.state()).write(hadoop(saved), conf);
        Path file = folder.resolve("model.bigdl");
        ModelExport.run(hadoop(saved), ExportFormat.bigdl, hadoop(file), false, conf);
        return file;
    }

    private ModelFolder imported(Path file, ImportSettings settings) throws IOException {
        Path made = folder.resolve("imported");
        ModelImport.run(ImportFormat.bigdl, hadoop(file), hadoop(made), false, settings, conf);
        return ModelFolder.read(hadoop(made), conf);
    }

    /** Log-probabilities of {@code logits}, {@code [N, classes]}. */
    private static float[] logSoftMax(float[] logits, int classes) {
        float[] result = new float[logits.length];
        for (int row = 0; row < logits.length; row += classes) {
            double sum = 0;
            for (int i = 0; i < classes; i++) {
                sum += Math.exp(logits[row + i]);
            }
            for (int i = 0; i < classes; i++) {
                result[row + i] = (float) (logits[row + i] - Math.log(sum));
            }
        }
        return result;
    }

    private static int[] shape(ModelDescription description) {
        return new int[] {
            BATCH,
            description.specification().inputChannels(),
            description.image().height(),
            description.image().width()
        };
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void bigDlOpensAnExportedModelAndAgreesWithTheReplica(Kind kind) throws IOException {
        RandomModel model = kind.model();
        float[] images = model.images(BATCH);

        float[] output = BIGDL.forward(exported(model), images, shape(model.description()));

        int classes = model.description().classes().size();
        assertThat(output).hasSize(BATCH * classes);
        assertThat(RandomModel.relativeDifference(output, logSoftMax(model.logits(images, BATCH), classes)))
                .isLessThan(1e-4);
    }

    @Test
    void aModelThatBigDlHasLoadedAndSavedAgainComesBackBitForBit() throws IOException {
        RandomModel model = Kind.WITH_DROPOUT.model();
        Path copy = folder.resolve("copy.bigdl");
        BIGDL.copy(exported(model), copy);

        // BigDL drops the description, not the modules that tell of dropout.
        ModelFolder back = imported(
                copy,
                new ImportSettings(
                        Optional.empty(),
                        Optional.of(12),
                        model.description().classes(),
                        model.description().mean(),
                        model.description().std()));

        assertThat(RandomModel.bits(back.state())).isEqualTo(RandomModel.bits(model.state()));
        assertThat(back.description().specification().dropout()).isEqualTo(0.2);
        assertThat(back.description().classes()).isEqualTo(model.description().classes());
    }

    @ParameterizedTest(name = "{0}, {1}, convolutions with bias: {2}")
    @CsvSource({
        "concat, bc, false",
        "concat, bc, true",
        "join, bc, true",
        "graph, bc, true",
        "graph, bc, false",
        "concat, basic, false",
        "join, basic, true",
        "concat, imagenet, true",
        "graph, imagenet, false",
        "join, dropout, true",
        "graph, dropout, false"
    })
    void aModelThatBigDlHasBuiltAndSavedIsImportedAndAgrees(String style, String kind, boolean bias)
            throws IOException {
        Path file = folder.resolve("theirs.bigdl");
        int side = kind.equals("imagenet") ? 32 : 16;
        int[] shape = {BATCH, 3, side, side};
        BIGDL.saveDenseNet(style, kind, bias, 6, 4, new int[] {2, 3, 1}, shape, 11, file);
        float[] images = new float[BATCH * 3 * side * side];
        Random random = new Random(12);
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        boolean tellsItsSize = !style.equals("graph");

        ModelFolder model = imported(
                file,
                tellsItsSize
                        ? NO_SETTINGS
                        : new ImportSettings(Optional.empty(), Optional.of(side), List.of(), List.of(), List.of()));

        assertThat(model.description().image().height()).isEqualTo(side);
        assertThat(model.description().classes()).containsExactly("0", "1", "2", "3", "4", "5");
        DenseNetSpec specification = model.description().specification();
        assertThat(specification.blocks()).containsExactly(2, 3, 1);
        assertThat(specification.growthRate()).isEqualTo(4);
        assertThat(specification.hasBottleneck()).isEqualTo(!kind.equals("basic"));
        assertThat(specification.compression()).isEqualTo(kind.equals("basic") ? 1 : 0.5);
        assertThat(specification.stem()).isEqualTo(kind.equals("imagenet") ? StemKind.IMAGENET : StemKind.SMALL);
        assertThat(specification.dropout()).isEqualTo(kind.equals("dropout") ? 0.25 : 0);
        float[] logits = RandomModel.logits(model.description(), model.state(), images, BATCH);
        assertThat(RandomModel.relativeDifference(logSoftMax(logits, 6), BIGDL.forward(file, images, shape)))
                .isLessThan(1e-4);
    }

    @Test
    void aNetworkOfBigDlThatIsNoDenseNetIsRefusedByThePathOfItsModule() {
        Path file = folder.resolve("theirs.bigdl");
        BIGDL.saveAnotherNetwork(file);

        assertThatThrownBy(() -> imported(file, NO_SETTINGS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("com.intel.analytics.bigdl.nn.Tanh")
                .hasMessageMatching(".*module Sequential\\w*/2:Sequential\\w*/2:Tanh\\w* is a .*");
        assertThat(folder)
                .isDirectoryContaining(path -> path.equals(file))
                .isDirectoryNotContaining("glob:**imported*");
    }

    @Test
    void sequenceFilesOfBigDlsOwnWriterAreReadRight() {
        // More than 2000 bytes each: BigDL's Hadoop sets a mark before the next image.
        int height = 25;
        int width = 31;
        int images = 10;
        byte[] pixels = new byte[images * height * width * 3];
        new Random(3).nextBytes(pixels);
        int[] labels = new int[images];
        for (int i = 0; i < images; i++) {
            labels[i] = 1 + i % 3;
        }
        BIGDL.writeSequenceFiles(
                pixels,
                height,
                width,
                labels,
                false,
                4,
                made("train").resolve("part").toString());
        BIGDL.writeSequenceFiles(
                pixels,
                height,
                width,
                labels,
                true,
                100,
                made("val").resolve("part").toString());

        BigDlSource source = BigDlSource.open(conf, hadoop(folder), OptionalInt.empty());

        assertThat(source.classes()).containsExactly("1", "2", "3");
        for (String split : List.of(DatasetDescription.TRAIN, DatasetDescription.TEST)) {
            assertThat(source.count(split)).isEqualTo(images);
            try (ImageReader reader = source.open(split)) {
                byte[] image = new byte[height * width * 3];
                for (int i = 0; i < images; i++) {
                    assertThat(reader.next(image)).isEqualTo(labels[i] - 1);
                    assertThat(image).isEqualTo(Arrays.copyOfRange(pixels, i * image.length, (i + 1) * image.length));
                }
                assertThat(reader.next(image)).isEqualTo(-1);
            }
        }
    }

    private Path made(String name) {
        Path made = folder.resolve(name);
        assertThat(made.toFile().mkdir()).isTrue();
        return made;
    }
}
