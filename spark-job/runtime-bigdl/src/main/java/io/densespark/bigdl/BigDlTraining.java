package io.densespark.bigdl;

import com.intel.analytics.bigdl.dataset.Sample;
import com.intel.analytics.bigdl.nn.abstractnn.AbstractModule;
import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import com.intel.analytics.bigdl.optim.Optimizer;
import com.intel.analytics.bigdl.python.api.JTensor;
import com.intel.analytics.bigdl.python.api.PythonBigDL;
import com.intel.analytics.bigdl.utils.Engine;
import com.intel.analytics.bigdl.visualization.TrainSummary;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Trains a model with BigDL on Spark 2.4's local mode. The only argument is a properties file:
 *
 * <pre>
 * model          file in BigDL's format; its output are log-probabilities
 * data           file: images x (channels · height · width) floats, then images x 32 bit labels from 0, little-endian
 * images, channels, height, width
 * batch, steps, cores, learning.rate, momentum, weight.decay
 * </pre>
 *
 * Prints a line of JSON: loss and images a second of each step, and the peak of resident memory in bytes.
 */
public final class BigDlTraining {
    private static final PythonBigDL<Object> BIGDL = Modules.BIGDL;
    private static final String SUMMARY = "training";

    private final Properties task;

    private BigDlTraining(Properties task) {
        this.task = task;
    }

    public static void main(String[] arguments) throws IOException {
        Properties task = new Properties();
        try (var reader = Files.newBufferedReader(Path.of(arguments[0]))) {
            task.load(reader);
        }
        System.out.println(new BigDlTraining(task).run());
        System.out.flush();
        // BigDL's pools have threads that don't end by themselves.
        Runtime.getRuntime().halt(0);
    }

    private String run() throws IOException {
        SparkConf conf = Engine.createSparkConf(new SparkConf()
                .setAppName("BigDL")
                .setMaster("local[" + task.getProperty("cores") + "]")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"));
        Path logs = Files.createTempDirectory(Path.of(task.getProperty("data")).getParent(), "bigdl");
        JavaSparkContext sc = new JavaSparkContext(conf);
        BIGDL.initEngine();
        AbstractModule<Activity, Activity, Object> model = BIGDL.loadBigDLModule(task.getProperty("model"), null);
        model.training();
        Optimizer<Object, ?> optimizer = Optimizer.apply(
                model,
                sc.parallelize(samples(), integer("cores")).rdd(),
                Modules.negativeLogLikelihood(),
                integer("batch"),
                null,
                null,
                Modules.FLOAT,
                Modules.NUMERIC);
        optimizer.setOptimMethod(BIGDL.createSGD(
                real("learning.rate"),
                0,
                real("weight.decay"),
                real("momentum"),
                0,
                true,
                BIGDL.createDefault(),
                null,
                null));
        optimizer.setEndWhen(BIGDL.createMaxIteration(integer("steps")));
        TrainSummary summary = BIGDL.createTrainSummary(logs.toString(), SUMMARY);
        optimizer.setTrainSummary(summary);
        optimizer.optimize();
        String result = "{\"loss\":" + scalars(summary, "Loss") + ",\"images_per_second\":"
                + scalars(summary, "Throughput") + ",\"peak_bytes\":" + peakBytes() + "}";
        summary.close();
        sc.stop();
        return result;
    }

    /** BigDL counts labels from 1. */
    private List<Sample<Object>> samples() throws IOException {
        int[] shape = {integer("channels"), integer("height"), integer("width")};
        int images = integer("images");
        List<JTensor> pixels = new ArrayList<>();
        List<Sample<Object>> samples = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(Path.of(task.getProperty("data"))))) {
            int elements = shape[0] * shape[1] * shape[2];
            for (int i = 0; i < images; i++) {
                float[] values = new float[elements];
                ByteBuffer.wrap(in.readNBytes(elements * Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(values);
                pixels.add(new JTensor(values, shape, "float", null));
            }
            ByteBuffer labels = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (JTensor image : pixels) {
                JTensor label = new JTensor(new float[] {labels.getInt() + 1}, new int[] {1}, "float", null);
                // Here, not on an RDD: Spark 2.4 can't look into that closure, whose class file refers to Java 17's.
                samples.add(BIGDL.toJSample(
                        new com.intel.analytics.bigdl.python.api.Sample(List.of(image), List.of(label), "float")));
            }
        }
        return samples;
    }

    private static List<Object> scalars(TrainSummary summary, String tag) {
        List<Object> values = new ArrayList<>();
        for (List<Object> entry : BIGDL.summaryReadScalar(summary, tag)) {
            values.add(entry.get(1));
        }
        return values;
    }

    private static long peakBytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            String line =
                    lines.filter(text -> text.startsWith("VmHWM:")).findFirst().orElseThrow();
            return 1024L * Long.parseLong(line.replaceAll("\\D", ""));
        }
    }

    private int integer(String key) {
        return Integer.parseInt(task.getProperty(key));
    }

    private double real(String key) {
        return Double.parseDouble(task.getProperty(key));
    }
}
