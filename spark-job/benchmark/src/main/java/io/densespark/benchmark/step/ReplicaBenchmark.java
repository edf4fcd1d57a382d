package io.densespark.benchmark.step;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.benchmark.report.OutputFiles;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.spark.JobException;
import io.densespark.spark.platform.PlatformCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Time and memory of a training step on this machine's cores: DenseSpark at its recompute levels beside the textbook
 * version by libtorch's autograd and, where there is a Python with torch, beside PyTorch. All start from the same
 * weights, train on the same batch, and take their steps in turn, so that whatever else the machine does meets all alike.
 */
public final class ReplicaBenchmark {
    /**
     * Far below what one would train with: deep networks amplify rounding, and after a larger first step even PyTorch's
     * two layouts differ by more than {@link LossCheck} allows: at 0.1 by 1.6e-4 for BC-100-12 with 8 images, at 0.003 by
     * 4.4e-4 for DenseNet-121.
     */
    private static final double LEARNING_RATE = 0.001;

    private static final double MOMENTUM = 0.9;
    private static final double WEIGHT_DECAY = 1e-4;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ReplicaBenchmarkSettings settings;
    private final PrintStream out;
    private final PrintStream progress;

    private ReplicaBenchmark(ReplicaBenchmarkSettings settings, PrintStream out, PrintStream progress) {
        this.settings = settings;
        this.out = out;
        this.progress = progress;
    }

    /**
     * Measures, prints a table, and writes the rows as JSON where the settings ask for it.
     *
     * @param out where the tables go
     * @param progress where lines go that tell how far it is
     * @throws JobException if Python has no torch, if a process fails, or, after all is printed, if the losses of the
     *     rows differ
     */
    public static void run(ReplicaBenchmarkSettings settings, PrintStream out, PrintStream progress)
            throws IOException {
        PlatformCheck.requireSupported();
        if (settings.json().isPresent()) {
            OutputFiles.requireWritable("json", settings.json().get());
        }
        new ReplicaBenchmark(settings, out, progress).run();
    }

    private void run() throws IOException {
        if (settings.python().isPresent()) {
            progress.println("PyTorch " + Launch.requireTorch(settings.python().get()));
        }
        List<BenchmarkRow> rows = new ArrayList<>();
        StringBuilder profiles = new StringBuilder();
        try (TemporaryFolder folder = new TemporaryFolder("densespark-benchmark")) {
            List<Runner> runners = new ArrayList<>();
            try {
                start(folder.path(), runners);
                step(runners);
                for (Runner runner : runners) {
                    rows.add(runner.row());
                    profiles.append(runner.profile());
                }
            } finally {
                runners.forEach(Runner::close);
            }
        }
        out.printf(
                Locale.ROOT,
                "%s images of %s, median of %d steps after %d, taken in turn%n",
                settings.batch(),
                settings.image(),
                settings.steps(),
                settings.warmUp());
        out.print(ResultTable.of(rows));
        out.print(profiles);
        if (settings.json().isPresent()) {
            Files.writeString(settings.json().get(), BenchmarkRow.json(rows));
        }
        List<String> differences = LossCheck.differences(rows);
        if (!differences.isEmpty()) {
            throw new JobException(String.join("; ", differences));
        }
    }

    private void start(Path folder, List<Runner> runners) throws IOException {
        List<Contender> contenders =
                Contender.of(settings.levels(), settings.python().isPresent());
        for (int i = 0; i < contenders.size(); i++) {
            Contender contender = contenders.get(i);
            Path task = folder.resolve("task" + i + ".json");
            JSON.writeValue(task.toFile(), task(contender, folder));
            if (i == 0) {
                progress.println("writing weights and a batch");
                Path log = folder.resolve("writer.log");
                try (StepProcess writer = new StepProcess("the writer of the weights", Launch.writer(task), log)) {
                    writer.answer();
                }
            }
            progress.println("starting " + contender);
            List<String> commandLine = contender.implementation().isPython()
                    ? Launch.python(settings.python().orElseThrow(), task, folder)
                    : Launch.stepper(task);
            StepProcess process =
                    new StepProcess(contender.toString(), commandLine, folder.resolve("task" + i + ".log"));
            runners.add(new Runner(contender, process));
            process.answer();
        }
    }

    private StepTask task(Contender contender, Path folder) {
        return new StepTask(
                contender.implementation().toString(),
                contender.layout().toString(),
                contender.level().map(Object::toString).orElse(null),
                settings.threads(),
                settings.profile(),
                folder.toString(),
                LEARNING_RATE,
                MOMENTUM,
                WEIGHT_DECAY,
                Problem.toy(settings.spec(), settings.threads(), folder),
                Problem.of(settings.spec(), settings.image(), settings.batch(), folder));
    }

    private void step(List<Runner> runners) {
        for (int step = 0; step < settings.warmUp() + settings.steps(); step++) {
            if (step == settings.warmUp() && settings.profile()) {
                runners.stream().filter(Runner::isOurs).forEach(runner -> runner.process.ask("forget"));
            }
            progress.println("step " + (step + 1) + " of " + (settings.warmUp() + settings.steps()));
            runners.forEach(runner -> runner.log.step());
        }
    }

    /** One contender, its process and what it has answered. */
    private final class Runner {
        private final Contender contender;
        private final StepProcess process;
        private final StepLog log;

        Runner(Contender contender, StepProcess process) {
            this.contender = contender;
            this.process = process;
            this.log = new StepLog(process, settings.warmUp());
        }

        boolean isOurs() {
            return contender.implementation() == Implementation.DENSESPARK;
        }

        BenchmarkRow row() {
            double median = log.medianSeconds();
            return new BenchmarkRow(
                    contender.implementation().toString(),
                    contender.layout().toString(),
                    contender.level().map(Object::toString).orElse(null),
                    settings.threads(),
                    median,
                    settings.batch() / median,
                    contender
                            .level()
                            .map(level -> MemoryPlan.of(settings.replica(level)).totalBytes())
                            .orElse(null),
                    process.ask("memory").get("bytes").asLong(),
                    ParameterLayout.of(settings.spec()).parameterCount(),
                    log.losses().get(0),
                    log.losses().get(1));
        }

        String profile() {
            if (!settings.profile() || !isOurs()) {
                return "";
            }
            List<KernelTime> times =
                    JSON.convertValue(process.ask("profile").get("kernels"), new TypeReference<List<KernelTime>>() {});
            double mean = log.meanSeconds();
            return new ProfileTable(times, settings.steps(), settings.threads(), mean).print(contender.toString());
        }

        void close() {
            process.close();
        }
    }
}
