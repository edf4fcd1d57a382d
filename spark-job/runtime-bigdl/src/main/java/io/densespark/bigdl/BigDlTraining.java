package io.densespark.bigdl;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.intel.analytics.bigdl.dataset.Sample;
import com.intel.analytics.bigdl.nn.abstractnn.AbstractModule;
import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import com.intel.analytics.bigdl.optim.DistriOptimizer;
import com.intel.analytics.bigdl.optim.Optimizer;
import com.intel.analytics.bigdl.optim.Trigger;
import com.intel.analytics.bigdl.python.api.JTensor;
import com.intel.analytics.bigdl.python.api.PythonBigDL;
import com.intel.analytics.bigdl.utils.Engine;
import com.intel.analytics.bigdl.utils.Table;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Trains a model with BigDL on Spark 2.4's local mode, on one batch again and again. The only argument is a properties
 * file:
 *
 * <pre>
 * model          file in BigDL's format; its output are log-probabilities
 * data           file: batch x (height · width · channels) floats, then batch x 32 bit labels from 0, little-endian
 * batch, channels, height, width, cores
 * learning.rate, momentum, weight.decay
 * </pre>
 *
 * <p>It answers {@code {}} when BigDL is about to take its first step; then it answers each line of standard input with one
 * line of JSON: {@code step} with {@code seconds} (of the iteration, as BigDL itself measures it) and {@code loss}, {@code
 * memory} with {@code peak_resident_bytes}. It ends with its input. An error is answered with {@code error} and exit status
 * 1. Whatever else is printed goes to standard error.
 */
public final class BigDlTraining {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Properties task;
    private final PrintStream answers;

    private BigDlTraining(Properties task, PrintStream answers) {
        this.task = task;
        this.answers = answers;
    }

    /** Ends the JVM: BigDL's pools have threads that don't end by themselves. */
    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        // Before any class of BigDL is loaded: its own settings of log4j name System.out.
        System.setOut(System.err);
        try {
            Properties task = new Properties();
            try (BufferedReader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
                task.load(reader);
            }
            new BigDlTraining(task, answers).run();
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            answer(answers, Map.of("error", innermost(e).toString()));
            Runtime.getRuntime().halt(1);
        }
    }

    private static Throwable innermost(Throwable error) {
        return error.getCause() == null ? error : innermost(error.getCause());
    }

    private static void answer(PrintStream answers, Map<String, ?> answer) throws IOException {
        answers.println(JSON.writeValueAsString(answer));
        answers.flush();
    }

    private void run() throws IOException {
        SparkConf conf = Engine.createSparkConf(new SparkConf()
                .setAppName("BigDL")
                .setMaster("local[" + integer("cores") + "]")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"));
        JavaSparkContext sc = new JavaSparkContext(conf);
        PythonBigDL<Object> bigDl = Modules.BIGDL;
        bigDl.initEngine();
        AbstractModule<Activity, Activity, Object> model = bigDl.loadBigDLModule(task.getProperty("model"), null);
        model.training();
        DistriOptimizer<Object> optimizer = (DistriOptimizer<Object>) Optimizer.<Object>apply(
                model,
                sc.parallelize(samples(), integer("cores")).rdd(),
                Modules.negativeLogLikelihood(),
                integer("batch"),
                null,
                null,
                Modules.FLOAT,
                Modules.NUMERIC);
        optimizer.setOptimMethod(bigDl.createSGD(
                real("learning.rate"),
                0,
                real("weight.decay"),
                real("momentum"),
                0,
                true,
                bigDl.createDefault(),
                null,
                null));
        // By default it cuts 16 bits off each weight and gradient that it hands on, also where nothing is sent: the
        // first
        // step alone then changes a loss of 2.3 by 0.03.
        optimizer.setCompressType("none");
        optimizer.setEndWhen(new StepOnCommand());
        optimizer.optimize();
    }

    /** BigDL asks before each iteration whether to end. Here the JVM ends first: nobody wants the trained model. */
    private final class StepOnCommand implements Trigger {
        private final transient BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        private boolean isStepping;

        @Override
        public boolean apply(Table state) {
            try {
                answer(answers, isStepping ? step(state) : Map.of());
                for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                    switch (command) {
                        case "step" -> {
                            isStepping = true;
                            return false;
                        }
                        case "memory" -> answer(answers, Map.of("peak_resident_bytes", peakBytes()));
                        default -> throw new IllegalArgumentException("unknown command " + command);
                    }
                }
                Runtime.getRuntime().halt(0);
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Map<String, Number> step(Table state) {
            // A Scala Float, images a second.
            float throughput = state.<Float>apply("Throughput");
            return Map.of("seconds", integer("batch") / (double) throughput, "loss", state.<Float>apply("Loss"));
        }
    }

    /** BigDL counts labels from 1, and has an image's channels first. */
    private List<Sample<Object>> samples() throws IOException {
        int channels = integer("channels");
        int pixels = integer("height") * integer("width");
        int[] shape = {channels, integer("height"), integer("width")};
        List<JTensor> images = new ArrayList<>();
        List<Sample<Object>> samples = new ArrayList<>();
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(Path.of(task.getProperty("data")))))) {
            for (int n = 0; n < integer("batch"); n++) {
                FloatBuffer image = littleEndian(in.readNBytes(pixels * channels * Float.BYTES))
                        .asFloatBuffer();
                float[] values = new float[pixels * channels];
                for (int i = 0; i < values.length; i++) {
                    values[i % channels * pixels + i / channels] = image.get(i);
                }
                images.add(new JTensor(values, shape, "float", null));
            }
            ByteBuffer labels = littleEndian(in.readAllBytes());
            for (JTensor image : images) {
                JTensor label = new JTensor(new float[] {labels.getInt() + 1}, new int[] {1}, "float", null);
                // Here, not on an RDD: Spark 2.4 can't look into that closure, whose class file refers to Java 17's.
                samples.add(Modules.BIGDL.toJSample(
                        new com.intel.analytics.bigdl.python.api.Sample(List.of(image), List.of(label), "float")));
            }
        }
        return samples;
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
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
