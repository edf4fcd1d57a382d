package io.densespark.benchmark.replica;

import io.densespark.benchmark.Json;
import io.densespark.benchmark.profile.ProfileTable;
import io.densespark.benchmark.report.ResultFile;
import io.densespark.benchmark.step.BlockTimes;
import io.densespark.benchmark.step.Implementation;
import io.densespark.benchmark.step.Problem;
import io.densespark.benchmark.step.PyTorch;
import io.densespark.benchmark.step.StepBlock;
import io.densespark.benchmark.step.StepFolder;
import io.densespark.benchmark.step.StepProcess;
import io.densespark.benchmark.step.StepTask;
import io.densespark.model.backend.CpuFeatures;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.tensor.Device;
import io.densespark.spark.JobException;
import io.densespark.spark.platform.PlatformCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/**
 * Time and memory of a training step on this machine's cores, or on its first GPU: DenseSpark at its recompute levels beside the textbook
 * version by libtorch's autograd and, where there is a Python with torch, beside PyTorch. All start from the same
 * weights and train on the same batch. Each is measured as its user runs it: alone on the machine, in a block of steps once
 * their time has settled; in several processes one after the other, in an order that changes, so that whatever else the
 * machine does meets all alike.
 */
public final class ReplicaBenchmark {
    private static final String SCRIPT = "pytorch_densenet.py";

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
                "%s images of %s%s, median of %d steps in each of %d processes, once their time had settled%n",
                settings.batch(),
                settings.image(),
                settings.device().kind() == Device.Kind.CPU ? "" : " on a GPU in " + settings.precision(),
                settings.steps(),
                settings.rounds());
        out.print(ReplicaTable.of(rows));
        out.print(profiles);
        json.ifPresent(file -> file.write(Json.file(rows)));
        List<String> differences = LossCheck.differences(rows);
        if (!differences.isEmpty()) {
            throw new JobException(String.join("; ", differences));
        }
    }

    private List<ReplicaRow> measure(Optional<PyTorch> pyTorch, Consumer<String> profiles) throws IOException {
        List<Contender> contenders = Contender.of(settings, pyTorch.isPresent(), CpuFeatures.hasBfloat());
        Map<Contender, List<StepBlock>> blocks = new HashMap<>();
        Map<Contender, String> profileOf = new HashMap<>();
        try (StepFolder folder = new StepFolder()) {
            progress.println("writing weights and a batch");
            folder.writeProblems(task(contenders.get(0), folder.path()));
            for (int round = 0; round < settings.rounds(); round++) {
                List<Contender> order = new ArrayList<>(contenders);
                Collections.shuffle(order, new Random(round));
                for (Contender contender : order) {
                    progress.println("round " + (round + 1) + " of " + settings.rounds() + ": " + contender);
                    try (StepProcess process = start(contender, folder, pyTorch)) {
                        process.awaitReady();
                        StepBlock block = block(contender, process);
                        blocks.computeIfAbsent(contender, none -> new ArrayList<>())
                                .add(block);
                        if (isProfiled(contender)) {
                            profileOf.put(contender, profile(contender, process, block));
                        }
                    }
                }
            }
        }
        contenders.forEach(one -> profiles.accept(profileOf.getOrDefault(one, "")));
        return contenders.stream()
                .map(one -> row(one, blocks.getOrDefault(one, List.of())))
                .toList();
    }

    private StepProcess start(Contender contender, StepFolder folder, Optional<PyTorch> pyTorch) throws IOException {
        StepTask task = task(contender, folder.path());
        return contender.implementation().isPython()
                ? folder.start(contender.toString(), stepper(pyTorch.orElseThrow(), folder.write(task), folder))
                : folder.start(contender.toString(), task);
    }

    private static List<String> stepper(PyTorch pyTorch, Path task, StepFolder folder) throws IOException {
        return pyTorch.command(ReplicaBenchmark.class, SCRIPT, folder.path(), List.of(task.toString()));
    }

    private StepBlock block(Contender contender, StepProcess process) {
        return StepBlock.take(process, settings.warmUp(), settings.steps(), () -> {
            if (isProfiled(contender)) {
                process.forgetProfile();
            }
        });
    }

    private StepTask task(Contender contender, Path folder) {
        return new StepTask(
                contender.implementation(),
                contender.layout(),
                contender.level().orElse(null),
                settings.device().kind(),
                contender.precision(),
                threads(contender),
                settings.profile(),
                folder.toString(),
                LEARNING_RATE,
                MOMENTUM,
                WEIGHT_DECAY,
                Problem.toy(settings.spec(), settings.threads(), folder),
                Problem.of(settings.spec(), settings.image(), settings.batch(), folder));
    }

    private static boolean isOurs(Contender contender) {
        return contender.implementation() == Implementation.DENSESPARK;
    }

    private int threads(Contender contender) {
        return isOurs(contender) ? settings.workers() : settings.threads();
    }

    private boolean isProfiled(Contender contender) {
        return settings.profile() && isOurs(contender);
    }

    private String profile(Contender contender, StepProcess process, StepBlock block) {
        return new ProfileTable(process.profile(), settings.steps(), settings.threads(), block.meanSeconds())
                .print(contender.toString());
    }

    private ReplicaRow row(Contender contender, List<StepBlock> blocks) {
        BlockTimes time = BlockTimes.of(blocks);
        List<Double> losses = blocks.get(0).losses();
        return new ReplicaRow(
                contender.implementation(),
                contender.layout(),
                contender.level().orElse(null),
                contender.precision(),
                threads(contender),
                time.medianSeconds(),
                time.fastestSeconds(),
                time.slowestSeconds(),
                time.isSettled(),
                settings.batch() / time.medianSeconds(),
                contender
                        .level()
                        .map(level -> MemoryPlan.of(settings.replica(level, contender.precision()))
                                .totalBytes())
                        .orElse(null),
                blocks.stream().mapToLong(block -> block.memory().bytes()).max().orElseThrow(),
                ParameterLayout.of(settings.spec()).parameterCount(),
                losses.get(0),
                losses.get(1));
    }
}
