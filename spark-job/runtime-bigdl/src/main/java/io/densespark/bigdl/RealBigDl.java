package io.densespark.bigdl;

import com.intel.analytics.bigdl.dataset.image.BGRImgToLocalSeqFile;
import com.intel.analytics.bigdl.dataset.image.LabeledBGRImage;
import com.intel.analytics.bigdl.nn.abstractnn.AbstractModule;
import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import com.intel.analytics.bigdl.python.api.JTensor;
import com.intel.analytics.bigdl.utils.RandomGenerator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.JavaConverters;

/** BigDL itself, for tests in a class loader of its own: files and arrays in, arrays out. Images are {@code [N, C, H, W]}. */
public final class RealBigDl {
    private static final String FLOAT = "float";
    private static final int COLOURS = 3;
    private static final int STATISTICS_PASSES = 5;

    static {
        // Without Spark: BigDL then needs no cluster for a forward pass.
        System.setProperty("bigdl.localMode", "true");
        System.setProperty("bigdl.coreNumber", "1");
        Modules.BIGDL.initEngine();
    }

    private RealBigDl() {}

    /** Loads a model that {@code saveModule} or another program wrote, and gives its output in evaluation mode. */
    public static float[] forward(String file, float[] images, int[] shape) {
        AbstractModule<Activity, Activity, Object> model = Modules.BIGDL.loadBigDLModule(file, null);
        return output(model, images, shape);
    }

    /** Loads a model and saves it again. */
    public static void copy(String from, String to) {
        Modules.BIGDL.saveBigDLModule(Modules.BIGDL.loadBigDLModule(from, null), to, null, true);
    }

    /**
     * Builds a DenseNet with random weights, lets it see random images for its running statistics, and saves it.
     *
     * @param style and kind, see {@link BigDlDenseNet}
     * @param shape of the images of {@link #forward}, {@code [N, C, H, W]}
     */
    public static void saveDenseNet(
            String style,
            String kind,
            boolean bias,
            int classes,
            int growthRate,
            int[] blocks,
            int[] shape,
            long seed,
            String file) {
        RandomGenerator.RNG().setSeed(seed);
        AbstractModule<Activity, Activity, Object> model =
                new BigDlDenseNet(style, kind, shape[1], classes, growthRate, list(blocks), shape[2], bias).build();
        Random random = new Random(seed);
        model.training();
        for (int pass = 0; pass < STATISTICS_PASSES; pass++) {
            float[] images = new float[shape[0] * shape[1] * shape[2] * shape[3]];
            for (int i = 0; i < images.length; i++) {
                images[i] = (float) random.nextGaussian();
            }
            Modules.BIGDL.modelForward(model, List.of(tensor(images, shape)), false);
        }
        Modules.BIGDL.saveBigDLModule(model, file, null, true);
    }

    /** Saves a Sequential with a module in it that no DenseNet has. */
    public static void saveAnotherNetwork(String file) {
        AbstractModule<Activity, Activity, Object> model = Modules.sequential(List.of(
                Modules.convolution(1, 2, 3, 1, false),
                Modules.sequential(List.of(Modules.norm(2), Modules.tanh())),
                Modules.linear(2, 2)));
        Modules.BIGDL.saveBigDLModule(model, file, null, true);
    }

    /**
     * Writes images as SequenceFiles, as BigDL's tools do.
     *
     * @param pixels {@code [N, H, W, 3]}, red, green, blue, one unsigned byte each
     * @param labels {@code [N]}, from 1
     * @param named true if the keys hold names as well
     * @param prefix of the files, each of at most {@code perFile} images
     */
    public static void writeSequenceFiles(
            byte[] pixels, int height, int width, int[] labels, boolean named, int perFile, String prefix) {
        List<Tuple2<LabeledBGRImage, String>> images = new ArrayList<>();
        int values = height * width * COLOURS;
        for (int n = 0; n < labels.length; n++) {
            float[] image = new float[values];
            for (int i = 0; i < values; i++) {
                int reversed = i - i % COLOURS + COLOURS - 1 - i % COLOURS;
                // BigDL cuts off what follows the point when it makes bytes again.
                image[i] = ((pixels[n * values + reversed] & 0xff) + 0.5f) / 255f;
            }
            images.add(new Tuple2<>(new LabeledBGRImage(image, width, height, labels[n]), "image" + n + ".jpg"));
        }
        Iterator<String> files = new BGRImgToLocalSeqFile(perFile, Path.of(prefix), named)
                .apply(JavaConverters.asScalaIteratorConverter(images.iterator())
                        .asScala());
        while (files.hasNext()) {
            files.next();
        }
    }

    private static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static float[] output(AbstractModule<Activity, Activity, Object> model, float[] images, int[] shape) {
        model.evaluate();
        return Modules.BIGDL
                .modelForward(model, List.of(tensor(images, shape)), false)
                .get(0)
                .storage();
    }

    private static JTensor tensor(float[] values, int[] shape) {
        return new JTensor(values, shape, FLOAT, null);
    }
}
