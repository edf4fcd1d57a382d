package io.densespark.benchmark.step;

import io.densespark.benchmark.bigdl.BigDlBenchmarkSettings;
import io.densespark.benchmark.bigdl.BigDlJava;
import io.densespark.spark.JobException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command lines of measured processes. */
final class Launch {
    private static final String SCRIPT = "pytorch_densenet.py";
    private static final String NATIVES = "org.bytedeco.javacpp.cachedir";
    private static final String VECTORS = "jdk.incubator.vector";

    /** What a measured JVM may take for its heap, so that the peak is the replica's. */
    private static final String SMALL_HEAP = "64m";

    /** All weights of the largest network at once. */
    private static final String WRITING_HEAP = "1g";

    private Launch() {}

    /** What BigDL's Spark looks into, in a JVM that it was not made for. */
    private static final List<String> OPENED = List.of(
            "java.io",
            "java.lang",
            "java.lang.invoke",
            "java.lang.ref",
            "java.lang.reflect",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.concurrent.locks",
            "sun.nio.ch");

    /** A JVM that writes the files of a task's problems. */
    static List<String> writer(Path task) {
        return java(WRITING_HEAP, "write", task);
    }

    /** A JVM that runs a task. */
    static List<String> stepper(Path task) {
        return java(SMALL_HEAP, "run", task);
    }

    private static List<String> java(String heap, String action, Path task) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        // A heap of this size needs no more, and its few threads stay out of the workers' way.
        command.add("-XX:+UseSerialGC");
        if (System.getProperty(NATIVES) != null) {
            command.add("-D" + NATIVES + "=" + System.getProperty(NATIVES));
        }
        if (ModuleLayer.boot().findModule(VECTORS).isPresent()) {
            command.add("--add-modules=" + VECTORS);
        }
        command.add("-cp");
        command.add(classPath());
        command.add(StepMain.class.getName());
        command.add(action);
        command.add(task.toString());
        return command;
    }

    /**
     * A JVM that runs a task with BigDL.
     *
     * @param folder for what it unpacks and spills
     */
    static List<String> bigDl(BigDlJava java, BigDlBenchmarkSettings settings, Path task, Path folder) {
        List<String> command = new ArrayList<>();
        command.add(java.command());
        settings.bigDlHeap().ifPresent(heap -> command.add("-Xmx" + heap));
        OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.add("-Djava.io.tmpdir=" + folder);
        command.add("-cp");
        command.add(settings.bigDlHome().resolve("*").toString());
        command.add("io.densespark.bigdl.BigDlTraining");
        command.add(task.toString());
        return command;
    }

    /** The folder in which this build assembles BigDL: it lies beside the one of the job jar or the classes. */
    static Path assembledBigDl() {
        return ownCode().resolveSibling("../runtime-bigdl/target/bigdl").normalize();
    }

    /** The job jar, which spark-submit loads beside the class path, and the class path. */
    private static String classPath() {
        return ownCode() + File.pathSeparator + System.getProperty("java.class.path");
    }

    private static Path ownCode() {
        try {
            return Path.of(StepMain.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A Python process that runs a task by the script in the job jar, which is copied into {@code folder}. */
    static List<String> python(String python, Path task, Path folder) throws IOException {
        Path script = folder.resolve(SCRIPT);
        if (!Files.exists(script)) {
            try (InputStream in = Launch.class.getResourceAsStream(SCRIPT)) {
                Files.copy(in, script);
            }
        }
        // -u: answers must not wait in a buffer; -B: no compiled copy beside the script.
        return List.of(python, "-u", "-B", script.toString(), task.toString());
    }

    /**
     * Asks an interpreter for its torch.
     *
     * @return torch's version
     * @throws JobException if it can't be started or has no torch
     */
    static String requireTorch(String python) {
        try {
            Process process = new ProcessBuilder(python, "-c", "import torch; print(torch.__version__)")
                    .redirectErrorStream(true)
                    .start();
            String output;
            try (InputStream in = process.getInputStream()) {
                output = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            }
            String last = output.substring(output.lastIndexOf('\n') + 1);
            if (process.waitFor() != 0) {
                throw new JobException("setting python " + python + " can't import torch (" + last
                        + "): install it there (pip install torch), or leave --python out");
            }
            return last;
        } catch (IOException e) {
            throw new JobException(
                    "setting python " + python + " can't be started (" + e.getMessage()
                            + "): name a Python interpreter that has torch, or leave --python out",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("interrupted while " + python + " imported torch", e);
        }
    }
}
