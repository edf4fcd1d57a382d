package io.densespark.spark.benchmark;

import io.densespark.data.DatasetDescription;
import io.densespark.model.bigdl.BigDlModel;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.Safetensors;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** What BigDL's process reads: the problem's model in its own format, and a task. */
final class BigDlFiles {
    /** Sign, exponent and the 7 highest bits of the mantissa. */
    private static final int UPPER_HALF = 0xffff0000;

    private BigDlFiles() {}

    /**
     * Cuts the lower 16 bits off the problem's weights, and writes the model for BigDL. Between its steps BigDL hands
     * weights from one thread to another in 16 bits, cut off like this: so both begin with the same.
     */
    static void writeModel(Problem problem, DatasetDescription dataset, Path file) throws IOException {
        Path weights = Path.of(problem.weights());
        Map<String, NamedTensor> state = new LinkedHashMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(weights))) {
            Safetensors.read(in, problem.weights()).forEach((name, tensor) -> state.put(name, cut(tensor)));
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(weights))) {
            Safetensors.write(state, out);
        }
        ModelDescription description =
                new ModelDescription(problem.spec(), dataset.classes(), dataset.mean(), dataset.std(), problem.image());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            BigDlModel.write(description, state, out);
        }
    }

    private static NamedTensor cut(NamedTensor tensor) {
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & UPPER_HALF);
        }
        return new NamedTensor(tensor.shape(), values);
    }

    /** Writes what {@code io.densespark.bigdl.BigDlTraining} is told. */
    static void writeTask(StepTask task, Path model, Path file) throws IOException {
        Problem problem = task.problem();
        Properties properties = new Properties();
        properties.setProperty("model", model.toString());
        properties.setProperty("data", problem.data());
        properties.setProperty("batch", Integer.toString(problem.batch()));
        properties.setProperty("channels", Integer.toString(problem.spec().inputChannels()));
        properties.setProperty("height", Integer.toString(problem.image().height()));
        properties.setProperty("width", Integer.toString(problem.image().width()));
        properties.setProperty("cores", Integer.toString(task.threads()));
        properties.setProperty("learning.rate", Double.toString(task.learningRate()));
        properties.setProperty("momentum", Double.toString(task.momentum()));
        properties.setProperty("weight.decay", Double.toString(task.weightDecay()));
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
    }
}
