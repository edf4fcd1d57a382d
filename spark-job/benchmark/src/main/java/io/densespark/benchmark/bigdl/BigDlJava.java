package io.densespark.benchmark.bigdl;

import io.densespark.spark.JobException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JVM for BigDL.
 *
 * @param command its path, or a name on PATH
 * @param version its feature version, such as 17
 */
record BigDlJava(String command, int version) {
    /** Of the class files that the build makes. */
    private static final int OLDEST = 17;

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

    private static final Pattern VERSION = Pattern.compile("version \"(?:1\\.)?(\\d+)");

    /**
     * Asks a JVM for its version.
     *
     * @throws JobException if it can't be started, or is older than Java 17
     */
    static BigDlJava of(String command) {
        try {
            Process process = new ProcessBuilder(command, "-version")
                    .redirectErrorStream(true)
                    .start();
            String output;
            try (InputStream in = process.getInputStream()) {
                output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            Matcher version = VERSION.matcher(output);
            if (process.waitFor() != 0 || !version.find()) {
                throw new JobException("setting bigdl-java " + command + " is no JVM (" + firstLine(output)
                        + "): name the program java of one");
            }
            int feature = Integer.parseInt(version.group(1));
            if (feature < OLDEST) {
                throw new JobException("setting bigdl-java " + command + " is Java " + feature
                        + ": the program around BigDL needs Java " + OLDEST + " or newer");
            }
            return new BigDlJava(command, feature);
        } catch (IOException e) {
            throw new JobException(
                    "setting bigdl-java " + command + " can't be started (" + e.getMessage()
                            + "): name the program java of a JVM",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("interrupted while " + command + " told its version", e);
        }
    }

    /**
     * The command line of a JVM that runs a task with BigDL.
     *
     * @param folder for what it unpacks and spills
     */
    List<String> training(BigDlBenchmarkSettings settings, Path task, Path folder) {
        List<String> line = new ArrayList<>();
        line.add(command);
        settings.bigDlHeap().ifPresent(heap -> line.add("-Xmx" + heap));
        OPENED.forEach(name -> line.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        line.add("-Djava.io.tmpdir=" + folder);
        line.add("-cp");
        line.add(settings.bigDlHome().resolve("*").toString());
        line.add("io.densespark.bigdl.BigDlTraining");
        line.add(task.toString());
        return line;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("it prints nothing");
    }
}
