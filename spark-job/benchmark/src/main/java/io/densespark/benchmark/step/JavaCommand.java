package io.densespark.benchmark.step;

import io.densespark.benchmark.CodeLocation;
import io.densespark.spark.DenseSparkVersion;
import java.io.File;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command lines of measured JVMs. */
public final class JavaCommand {
    private static final String NATIVES = "org.bytedeco.javacpp.cachedir";
    private static final String VECTORS = "jdk.incubator.vector";

    /** What a measured JVM may take for its heap, so that the peak is the replica's. */
    private static final String SMALL_HEAP = "64m";

    /** All weights of the largest network at once. */
    private static final String WRITING_HEAP = "1g";

    private JavaCommand() {}

    /** A JVM that writes the files of a task's problems. */
    static List<String> writer(Path task) {
        return java(WRITING_HEAP, task, StepMain.WRITE);
    }

    /** A JVM that runs a task. */
    static List<String> stepper(Path task) {
        return java(SMALL_HEAP, task, StepMain.RUN);
    }

    private static List<String> java(String heap, Path task, String action) {
        List<String> command = new ArrayList<>(of(heap, StepMain.class));
        command.add(action);
        command.add(task.toString());
        return command;
    }

    /** A JVM that runs a main class of this module or of one of its libraries; its arguments may be appended. */
    public static List<String> of(String heap, Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        // A heap of this size needs no more, and its few threads stay out of the workers' way.
        command.add("-XX:+UseSerialGC");
        if (System.getProperty(NATIVES) != null) {
            command.add("-D" + NATIVES + "=" + System.getProperty(NATIVES));
        }
        if (ModuleFinder.ofSystem().find(VECTORS).isPresent()) {
            command.add("--add-modules=" + VECTORS);
        }
        command.add("-cp");
        command.add(classPath());
        command.add(main.getName());
        return command;
    }

    /** This module's jar and the job jar, which spark-submit loads beside the class path; and the class path. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                CodeLocation.of(StepMain.class).toString(),
                CodeLocation.of(DenseSparkVersion.class).toString(),
                System.getProperty("java.class.path"));
    }
}
