package io.densespark.benchmark.step;

import io.densespark.benchmark.Json;
import io.densespark.benchmark.profile.KernelTimes;
import io.densespark.model.backend.Backends;
import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.spark.platform.NativeCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * The main class of a measured process in Java; not for users. It reads a {@link StepTask} from the file that is its
 * second argument, does what the first says, and answers in one line of JSON for each line that it reads:
 *
 * <ul>
 *   <li>{@code write}: writes the weights of both problems, and a batch for each that has none, and ends;
 *   <li>{@code run}: steps the toy network, makes the real one and answers {@code {}}; then {@code step} is answered with
 *       a {@link StepTime}, {@code memory} with a {@link StepMemory}, {@code forget} begins the profile anew, {@code
 *       profile} is answered with a {@link StepProfile}. It ends with its input.
 * </ul>
 *
 * An error is answered with {@code error} and exit status 1.
 */
final class StepMain {
    /** Enough for the JIT to have met every pass. */
    private static final int TOY_STEPS = 3;

    static final String WRITE = "write";
    static final String RUN = "run";

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
            StepTask task = Json.read(Files.readString(Path.of(args[1])), StepTask.class);
            NativeCache.prepare(Path.of(task.natives()));
            StepMain main = new StepMain(task, answers);
            if (args[0].equals(WRITE)) {
                Backend backend = LibTorch.open();
                ProblemFiles.write(task.toy(), backend);
                ProblemFiles.write(task.problem(), backend);
                main.answer(Map.of());
            } else {
                main.run();
            }
        } catch (RuntimeException | IOException | OutOfMemoryError e) {
            e.printStackTrace();
            answers.println(Json.line(Map.of("error", String.valueOf(e.getMessage()))));
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
        MemoryMeter memory = MemoryMeter.start(device());
        try (Stepper stepper = open(task.problem(), times);
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            answer(Map.of());
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                switch (command) {
                    case StepProcess.STEP -> step(stepper);
                    case StepProcess.MEMORY -> answer(memory.read());
                    case StepProcess.FORGET -> {
                        times.clear();
                        answer(Map.of());
                    }
                    case StepProcess.PROFILE -> answer(new StepProfile(times.read()));
                    default -> throw new IllegalArgumentException("unknown command " + command);
                }
            }
        }
    }

    private Stepper open(Problem problem, KernelTimes times) throws IOException {
        if (task.implementation() == Implementation.NAIVE) {
            return Stepper.naive(task, problem);
        }
        ReplicaSettings settings = new ReplicaSettings(
                problem.spec(),
                problem.image(),
                problem.batch(),
                Objects.requireNonNull(task.level(), "level"),
                task.threads(),
                device(),
                task.precision());
        Backend backend = Backends.open(device(), task.precision());
        return Stepper.densespark(
                task, problem, settings, task.profile() ? times.around(backend, MemoryPlan.of(settings)) : backend);
    }

    private Device device() {
        return task.device() == Device.Kind.CPU ? Device.CPU : Device.cuda(0);
    }

    private void step(Stepper stepper) {
        long start = System.nanoTime();
        double loss = stepper.step();
        answer(new StepTime((System.nanoTime() - start) / 1e9, loss));
    }

    private void answer(Object answer) {
        answers.println(Json.line(answer));
        answers.flush();
    }
}
