package io.densespark.benchmark.step;

import io.densespark.benchmark.CodeLocation;
import io.densespark.spark.DenseSparkVersion;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command lines of measured JVMs. */
final class JavaCommand {
    private static final String NATIVES = "org.bytedeco.javacpp.cachedir";
    private static final String VECTORS = "jdk.incubator.vector";

    /** What a measured JVM may take for its heap, so that the peak is the replica's. */
    private static final String SMALL_HEAP = "64m";

    /** All weights of the largest network at once. */
    private static final String WRITING_HEAP = "1g";

    private JavaCommand() {}

    /** A JVM that writes the files of a task's problems. */
    static List<String> writer(Path task) {
        return java(WRITING_HEAP, StepMain.WRITE, task);
    }

    /** A JVM that runs a task. */
    static List<String> stepper(Path task) {
        return java(SMALL_HEAP, StepMain.RUN, task);
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

    /** This module's jar and the job jar, which spark-submit loads beside the class path; and the class path. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                CodeLocation.of(StepMain.class).toString(),
                CodeLocation.of(DenseSparkVersion.class).toString(),
                System.getProperty("java.class.path"));
    }
}
