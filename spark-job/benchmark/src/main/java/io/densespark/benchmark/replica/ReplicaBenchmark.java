package io.densespark.benchmark.replica;

import io.densespark.benchmark.Json;
import io.densespark.benchmark.profile.ProfileTable;
import io.densespark.benchmark.report.ResultFile;
import io.densespark.benchmark.step.Implementation;
import io.densespark.benchmark.step.Problem;
import io.densespark.benchmark.step.StepFolder;
import io.densespark.benchmark.step.StepLog;
import io.densespark.benchmark.step.StepProcess;
import io.densespark.benchmark.step.StepTask;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.tensor.Device;
import io.densespark.spark.JobException;
import io.densespark.spark.platform.PlatformCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/**
 * Time and memory of a training step on this machine's cores, or on its first GPU: DenseSpark at its recompute levels beside the textbook
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
     * @param conf for the JSON file's file system
     * @param out where the tables go
     * @param progress where lines go that tell how far it is
     * @throws JobException if the JSON file can't be written or Python has no torch, before any work; if a process fails;
     *     or, after all is printed, if the losses of the rows differ
     */
    public static void run(ReplicaBenchmarkSettings settings, Configuration conf, PrintStream out, PrintStream progress)
            throws IOException {
        PlatformCheck.requireSupported();
        Optional<ResultFile> json = settings.json().map(place -> ResultFile.at(place, "json", conf));
        Optional<PyTorch> pyTorch = settings.python().map(PyTorch::of);
        new ReplicaBenchmark(settings, out, progress).run(pyTorch, json);
    }

    /** Measures without printing; throws as {@link #run}, but for losses that differ. */
    static List<ReplicaRow> measure(ReplicaBenchmarkSettings settings, Optional<PyTorch> pyTorch, PrintStream progress)
            throws IOException {
        return new ReplicaBenchmark(settings, progress, progress).measure(pyTorch, profile -> {});
    }

    private void run(Optional<PyTorch> pyTorch, Optional<ResultFile> json) throws IOException {
        pyTorch.ifPresent(progress::println);
        StringBuilder profiles = new StringBuilder();
        List<ReplicaRow> rows = measure(pyTorch, profiles::append);
        out.printf(
                Locale.ROOT,
                "%s images of %s%s, median of %d steps after %d, taken in turn%n",
                settings.batch(),
                settings.image(),
                settings.device().kind() == Device.Kind.CPU ? "" : " on a GPU in " + settings.precision(),
                settings.steps(),
                settings.warmUp());
        out.print(ReplicaTable.of(rows));
        out.print(profiles);
        json.ifPresent(file -> file.write(Json.file(rows)));
        List<String> differences =
                LossCheck.differences(rows, settings.precision().on(settings.device()));
        if (!differences.isEmpty()) {
            throw new JobException(String.join("; ", differences));
        }
    }

    private List<ReplicaRow> measure(Optional<PyTorch> pyTorch, Consumer<String> profiles) throws IOException {
        List<ReplicaRow> rows = new ArrayList<>();
        try (StepFolder folder = new StepFolder()) {
            List<Runner> runners = new ArrayList<>();
            try {
                start(folder, pyTorch, runners);
                step(runners);
                for (Runner runner : runners) {
                    rows.add(runner.row());
                    profiles.accept(runner.profile());
                }
            } finally {
                runners.forEach(Runner::close);
            }
        }
        return rows;
    }

    private void start(StepFolder folder, Optional<PyTorch> pyTorch, List<Runner> runners) throws IOException {
        List<Contender> contenders = Contender.of(settings.levels(), settings.device(), pyTorch.isPresent());
        progress.println("writing weights and a batch");
        folder.writeProblems(task(contenders.get(0), folder.path()));
        for (Contender contender : contenders) {
            progress.println("starting " + contender);
            StepTask task = task(contender, folder.path());
            StepProcess process = contender.implementation().isPython()
                    ? folder.start(
                            contender.toString(), pyTorch.orElseThrow().command(folder.write(task), folder.path()))
                    : folder.start(contender.toString(), task);
            runners.add(new Runner(contender, process));
            process.awaitReady();
        }
    }

    private StepTask task(Contender contender, Path folder) {
        boolean isOurs = contender.implementation() == Implementation.DENSESPARK;
        return new StepTask(
                contender.implementation(),
                contender.layout(),
                contender.level().orElse(null),
                settings.device().kind(),
                settings.precision(),
                isOurs ? settings.workers() : settings.threads(),
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
                runners.stream().filter(Runner::isOurs).forEach(runner -> runner.process.forgetProfile());
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

        ReplicaRow row() {
            double median = log.medianSeconds();
            return new ReplicaRow(
                    contender.implementation(),
                    contender.layout(),
                    contender.level().orElse(null),
                    isOurs() ? settings.workers() : settings.threads(),
                    median,
                    settings.batch() / median,
                    contender
                            .level()
                            .map(level -> MemoryPlan.of(settings.replica(level)).totalBytes())
                            .orElse(null),
                    process.memory().bytes(),
                    ParameterLayout.of(settings.spec()).parameterCount(),
                    log.losses().get(0),
                    log.losses().get(1));
        }

        String profile() {
            if (!settings.profile() || !isOurs()) {
                return "";
            }
            return new ProfileTable(process.profile(), settings.steps(), settings.threads(), log.meanSeconds())
                    .print(contender.toString());
        }

        void close() {
            process.close();
        }
    }
}
