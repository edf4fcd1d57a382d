package io.densespark.benchmark.step;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.densespark.spark.JobException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A measured process: it answers each line with one line of JSON, and ends when its input ends. */
final class StepProcess implements AutoCloseable {
    private static final int LOG_LINES = 15;

    /** A loss may be NaN, which Python writes as such. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final String name;
    private final Path log;
    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;
    private final Thread killer;

    /**
     * Starts a process; it is killed when this JVM ends.
     *
     * @param name what to call it in errors
     * @param log where its standard error goes
     */
    StepProcess(String name, List<String> commandLine, Path log) throws IOException {
        this.name = name;
        this.log = log;
        process = new ProcessBuilder(commandLine).redirectError(log.toFile()).start();
        killer = new Thread(process::destroyForcibly, "end " + name);
        Runtime.getRuntime().addShutdownHook(killer);
        commands = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Sends a command and waits for its answer. */
    JsonNode ask(String command) {
        try {
            commands.write(command);
            commands.newLine();
            commands.flush();
        } catch (IOException e) {
            throw died(e);
        }
        return answer();
    }

    /**
     * Waits for an answer.
     *
     * @throws JobException if the process has failed, with its own message or the end of its log
     */
    JsonNode answer() {
        JsonNode answer = answerOrError();
        if (answer.has("error")) {
            throw new JobException(name + ": " + answer.get("error").asText());
        }
        return answer;
    }

    /**
     * Waits for an answer, which may have {@code error} with the process' own message.
     *
     * @throws JobException if the process has ended without an answer, with the end of its log
     */
    JsonNode answerOrError() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw died(null);
            }
            return JSON.readTree(line);
        } catch (IOException e) {
            throw died(e);
        }
    }

    private JobException died(IOException cause) {
        process.destroyForcibly();
        try {
            int status = process.waitFor();
            List<String> lines = Files.readAllLines(log);
            String end = String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
            return new JobException(
                    name + " ended with exit status " + status
                            + (status == 137
                                    ? ": it was killed, perhaps for want of memory; use a smaller --batch"
                                    : "")
                            + (end.isBlank() ? "" : "; its last words:\n" + end),
                    cause);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new JobException("interrupted while " + name + " ran", e);
        }
    }

    /** Kills the process and waits for its end. */
    @Override
    public void close() {
        process.destroyForcibly();
        boolean interrupted = false;
        while (true) {
            try {
                process.waitFor();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook runs, and finds the process gone.
        }
    }
}
