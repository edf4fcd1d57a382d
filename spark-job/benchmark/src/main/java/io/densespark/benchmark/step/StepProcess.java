package io.densespark.benchmark.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.benchmark.Json;
import io.densespark.benchmark.profile.KernelTime;
import io.densespark.spark.JobException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A measured process: it says when it is ready, then answers each line with one line of JSON, and ends when its input ends.
 * What it can't do it answers with {@code error}.
 */
public final class StepProcess implements AutoCloseable {
    static final String STEP = "step";
    static final String MEMORY = "memory";
    static final String FORGET = "forget";
    static final String PROFILE = "profile";

    private static final String ERROR = "error";
    private static final int LOG_LINES = 15;
    /** Exit status of a process that SIGKILL ended, as the kernel does for want of memory. */
    private static final int KILLED = 137;

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

    /**
     * Waits until the process is about to take its first step.
     *
     * @throws JobException if it has failed, with its own message or the end of its log
     */
    public void awaitReady() {
        answer(JsonNode.class);
    }

    /**
     * As {@link #awaitReady}, but for a process that may be unable to run at all.
     *
     * @return its own message if it has failed
     * @throws JobException if it has ended without a message of its own, with the end of its log
     */
    public Optional<String> readyOrError() {
        return errorIn(answer());
    }

    /** Lets the process take a step. */
    StepTime step() {
        return ask(STEP, StepTime.class);
    }

    /** What the process has taken so far. */
    public StepMemory memory() {
        return ask(MEMORY, StepMemory.class);
    }

    /** Begins the profile anew; of a process whose task asks for one. */
    public void forgetProfile() {
        ask(FORGET, JsonNode.class);
    }

    /** The times of all kernels since the profile began; of a process whose task asks for one. */
    public List<KernelTime> profile() {
        return ask(PROFILE, StepProfile.class).kernels();
    }

    private <T> T ask(String command, Class<T> type) {
        try {
            commands.write(command);
            commands.newLine();
            commands.flush();
        } catch (IOException e) {
            throw died(e);
        }
        return answer(type);
    }

    private <T> T answer(Class<T> type) {
        String answer = answer();
        errorIn(answer).ifPresent(error -> {
            throw new JobException(name + ": " + error);
        });
        try {
            return Json.read(answer, type);
        } catch (JsonProcessingException e) {
            throw died(e);
        }
    }

    private Optional<String> errorIn(String answer) {
        try {
            return Optional.ofNullable(Json.tree(answer).get(ERROR)).map(JsonNode::asText);
        } catch (JsonProcessingException e) {
            throw died(e);
        }
    }

    private String answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw died(null);
            }
            return line;
        } catch (IOException e) {
            throw died(e);
        }
    }

    private JobException died(@Nullable IOException cause) {
        process.destroyForcibly();
        try {
            int status = process.waitFor();
            List<String> lines = Files.readAllLines(log);
            String end = String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
            return new JobException(
                    name + " ended with exit status " + status
                            + (status == KILLED
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
