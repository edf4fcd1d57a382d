package io.densespark.benchmark.step;

import io.densespark.spark.JobException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Python interpreter that has torch, for the scripts of the benchmarks. */
public final class PyTorch {
    /**
     * glibc gives large blocks, and the end of the heap, back to the system at the end of each step of a script that keeps
     * nothing, and the next step's page faults take a quarter of its time. A training loop that still holds the last loss
     * sees far less of that; so shall this one.
     */
    private static final List<String> KEEP_MEMORY =
            List.of("env", "MALLOC_MMAP_MAX_=0", "MALLOC_TRIM_THRESHOLD_=1099511627776");

    private final String python;
    private final String version;

    private PyTorch(String python, String version) {
        this.python = python;
        this.version = version;
    }

    /**
     * Asks an interpreter for its torch.
     *
     * @throws JobException if it can't be started or has no torch
     */
    public static PyTorch of(String python) {
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
            return new PyTorch(python, last);
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

    /**
     * The command line of a process that runs a script of this module's jar, which is copied into {@code folder}.
     *
     * @param owner the class beside which the script lies in the jar
     * @param name of the script
     */
    public List<String> command(Class<?> owner, String name, Path folder, List<String> arguments) throws IOException {
        Path script = folder.resolve(name);
        if (!Files.exists(script)) {
            try (InputStream in = owner.getResourceAsStream(name)) {
                Files.copy(in, script);
            }
        }
        List<String> command = new ArrayList<>(KEEP_MEMORY);
        // -u: answers must not wait in a buffer; -B: no compiled copy beside the script.
        command.addAll(List.of(python, "-u", "-B", script.toString()));
        command.addAll(arguments);
        return command;
    }

    /** With torch's version. */
    @Override
    public String toString() {
        return "PyTorch " + version;
    }
}
