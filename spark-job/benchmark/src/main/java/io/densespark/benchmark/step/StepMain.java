package io.densespark.benchmark.step;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.spark.platform.NativeCache;
import io.densespark.spark.platform.ProcessMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * The main class of a measured process in Java; not for users. It reads a {@link StepTask} from the file that is its
 * second argument, does what the first says, and answers in one line of JSON for each line that it reads:
 *
 * <ul>
 *   <li>{@code write}: writes the weights of both problems, and a batch for each that has none, and ends;
 *   <li>{@code run}: steps the toy network, makes the real one and answers {@code {}}; then {@code step} answers {@code
 *       seconds} and {@code loss}, {@code memory} answers {@code bytes} that the real network has added to the peak of
 *       resident memory, and that peak itself as {@code peak_resident_bytes}, {@code forget} begins the profile anew, {@code
 *       profile} answers {@code kernels}. It ends with its input.
 * </ul>
 *
 * An error is answered with {@code error} and exit status 1.
 */
final class StepMain {
    /** Enough for the JIT to have met every pass. */
    private static final int TOY_STEPS = 3;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final StepTask task;
    private final PrintStream answers;

    private StepMain(StepTask task, PrintStream answers) {
        this.task = task;
        this.answers = answers;
    }

    public static void main(String[] args) throws IOException {
        // Standard output carries the answers; whatever else is printed goes to the log.
        PrintStream answers = System.out;
        System.setOut(System.err);
        try {
            StepTask task = JSON.readValue(Path.of(args[1]).toFile(), StepTask.class);
            NativeCache.prepare(Path.of(task.natives()));
            StepMain main = new StepMain(task, answers);
            if (args[0].equals("write")) {
                Backend backend = LibTorch.open(Device.CPU);
                ProblemFiles.write(task.toy(), backend);
                ProblemFiles.write(task.problem(), backend);
                main.answer(Map.of());
            } else {
                main.run();
            }
        } catch (RuntimeException | IOException | OutOfMemoryError e) {
            e.printStackTrace();
            answers.println(JSON.writeValueAsString(Map.of("error", String.valueOf(e.getMessage()))));
            System.exit(1);
        }
    }

    private void run() throws IOException {
        KernelTimes times = new KernelTimes();
        try (Stepper toy = open(task.toy(), times)) {
            for (int step = 0; step < TOY_STEPS; step++) {
                toy.step();
            }
        }
        long before = ProcessMemory.residentBytes();
        long peakBefore = ProcessMemory.peakBytes();
        ProcessMemory.forgetPeak();
        try (Stepper stepper = open(task.problem(), times);
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            answer(Map.of());
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                switch (command) {
                    case "step" -> step(stepper);
                    case "memory" -> {
                        long peak = ProcessMemory.peakBytes();
                        answer(Map.of("bytes", peak - before, "peak_resident_bytes", Math.max(peakBefore, peak)));
                    }
                    case "forget" -> {
                        times.clear();
                        answer(Map.of());
                    }
                    case "profile" -> answer(Map.of("kernels", times.read()));
                    default -> throw new IllegalArgumentException("unknown command " + command);
                }
            }
        }
    }

    private Stepper open(Problem problem, KernelTimes times) throws IOException {
        if (task.implementation().equals(Implementation.NAIVE.toString())) {
            return Stepper.naive(task, problem);
        }
        RecomputeLevel level = RecomputeLevel.valueOf(task.level().toUpperCase(Locale.ROOT));
        ReplicaSettings settings = new ReplicaSettings(
                problem.spec(), problem.image(), problem.batch(), level, task.threads(), Device.CPU);
        Backend backend = LibTorch.open(Device.CPU);
        return Stepper.densespark(
                task, problem, settings, task.profile() ? times.around(backend, MemoryPlan.of(settings)) : backend);
    }

    private void step(Stepper stepper) throws IOException {
        long start = System.nanoTime();
        double loss = stepper.step();
        answer(Map.of("seconds", (System.nanoTime() - start) / 1e9, "loss", loss));
    }

    private void answer(Map<String, ?> answer) throws IOException {
        answers.println(JSON.writeValueAsString(answer));
        answers.flush();
    }
}
