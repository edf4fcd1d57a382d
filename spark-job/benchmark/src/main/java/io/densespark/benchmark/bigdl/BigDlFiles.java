package io.densespark.benchmark.bigdl;

import io.densespark.benchmark.step.Problem;
import io.densespark.benchmark.step.StepTask;
import io.densespark.data.DatasetDescription;
import io.densespark.model.exchange.bigdl.BigDlModel;
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
import java.util.Map;
import java.util.Properties;

/** What BigDL's process reads: the problem's model in its own format, and a task. */
final class BigDlFiles {
    private BigDlFiles() {}

    /** Writes the problem's network and weights for BigDL. */
    static void writeModel(Problem problem, DatasetDescription dataset, Path file) throws IOException {
        Map<String, NamedTensor> state;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(problem.weights())))) {
            state = Safetensors.read(in, problem.weights());
        }
        ModelDescription description =
                new ModelDescription(problem.spec(), dataset.classes(), dataset.mean(), dataset.std(), problem.image());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            BigDlModel.write(description, state, out);
        }
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
