package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A main class of the tests in a JVM of its own. */
public final class JavaProcess {
    private JavaProcess() {}

    /** Runs it to its end, which must be a good one; what it prints is the result. */
    public static String run(Class<?> main, List<String> options) throws IOException, InterruptedException {
        Process process = start(main, options);
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Starts it, with its errors among its output; the caller sees to its end. */
    public static Process start(Class<?> main, List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add(main.getName());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.redirectErrorStream(true).start();
    }
}
