package io.densespark.benchmark.replica;

import io.densespark.benchmark.Json;
import io.densespark.benchmark.report.ResultFile;
import io.densespark.benchmark.step.PyTorch;
import io.densespark.model.ModelException;
import io.densespark.model.backend.Backends;
import io.densespark.model.cuda.Cuda;
import io.densespark.model.cuda.GpuFacts;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.DenseSparkVersion;
import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import io.densespark.spark.platform.PlatformCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Whether this machine's first GPU computes what the CPU does, and what a training step takes there at each precision and
 * recompute level, beside PyTorch where there is a Python with it.
 */
public final class GpuCheck {
    private static final Device GPU = Device.cuda(0);
    private static final int WARM_UP = 3;

    /** A GPU that nobody else uses gives the same time again. */
    private static final int ROUNDS = 1;

    /** What CUDA's libraries want beside a plan. */
    private static final long LIBRARIES = 400L << 20;

    private final GpuCheckSettings settings;
    private final GpuFacts gpu;
    private final PrintStream progress;

    private GpuCheck(GpuCheckSettings settings, GpuFacts gpu, PrintStream progress) {
        this.settings = settings;
        this.gpu = gpu;
        this.progress = progress;
    }

    /** All that was found, as the JSON file has it. */
    record Result(String version, GpuFacts gpu, List<GpuFinding> checks, List<GpuStep> steps) {}

    /**
     * Checks and measures, prints tables, and writes the JSON file and the page.
     *
     * @param conf for the files' file systems
     * @param out where the tables go
     * @param progress where lines go that tell how far it is
     * @throws JobException if a file can't be written or Python has no torch, before any work; or, after all is written, if
     *     something isn't as it should be
     * @throws io.densespark.model.ModelException if there is no GPU, or CUDA is missing or too old
     */
    public static void run(GpuCheckSettings settings, Configuration conf, PrintStream out, PrintStream progress)
            throws IOException {
        PlatformCheck.requireSupported();
        ResultFile json = ResultFile.at(settings.json(), "json", conf);
        ResultFile page = ResultFile.at(settings.report(), "report", conf);
        Optional<PyTorch> pyTorch = settings.python().map(PyTorch::of);
        GpuFacts gpu = Cuda.facts(GPU);
        GpuCheck check = new GpuCheck(settings, gpu, progress);
        Result result = new Result(DenseSparkVersion.CURRENT, gpu, check.checks(), check.steps(pyTorch));
        GpuReport report = new GpuReport(result);
        out.print(report.text());
        json.write(Json.file(result));
        page.write(report.page());
        out.println("report in " + page + ", figures in " + json);
        sumsObstacle().ifPresent(out::println);
        List<GpuFinding> failed =
                result.checks().stream().filter(one -> !one.isPassed()).toList();
        if (!failed.isEmpty()) {
            throw new JobException(failed.size() + " of " + result.checks().size() + " checks failed, the first: "
                    + failed.get(0) + "; see " + page);
        }
        if (result.steps().isEmpty()) {
            throw new JobException("nothing was measured: of the GPU's memory " + Cuda.freeBytes(GPU) / 1_000_000
                    + " MB are free, in which no network that is measured fits at any level; end what else uses the GPU, or "
                    + "take one with more memory");
        }
    }

    /** Why replicas on such machines couldn't train together; one on its own can. */
    private static Optional<String> sumsObstacle() {
        try {
            Backends.requireSums(GPU);
            return Optional.empty();
        } catch (ModelException e) {
            return Optional.of("several replicas can't train together here: " + UserMessage.of(e));
        }
    }

    private List<Precision> precisions() {
        return Arrays.stream(Precision.values())
                .filter(precision -> precision != Precision.BF16 || gpu.hasBfloat())
                .toList();
    }

    private List<GpuFinding> checks() {
        List<GpuFinding> findings = new ArrayList<>();
        for (GpuAgreement.Tried tried : settings.tried()) {
            for (Precision precision : precisions()) {
                progress.println("checking " + tried.name() + " in " + precision);
                findings.addAll(GpuAgreement.of(tried, GPU, precision));
            }
        }
        return findings;
    }

    private List<GpuStep> steps(Optional<PyTorch> pyTorch) throws IOException {
        List<GpuStep> steps = new ArrayList<>();
        for (GpuCheckSettings.Measured measured : settings.measured()) {
            for (Precision precision : precisions()) {
                List<RecomputeLevel> levels = fitting(measured, precision);
                if (levels.isEmpty()) {
                    progress.println(measured.network() + " in " + precision + " doesn't fit the GPU's memory");
                    continue;
                }
                progress.println("measuring " + measured.network() + " in " + precision);
                for (ReplicaRow row : ReplicaBenchmark.measure(of(measured, precision, levels), pyTorch, progress)) {
                    steps.add(new GpuStep(measured.network(), measured.imageSize(), measured.batch(), row));
                }
            }
        }
        return steps;
    }

    private List<RecomputeLevel> fitting(GpuCheckSettings.Measured measured, Precision precision) {
        long room = Cuda.freeBytes(GPU) - LIBRARIES;
        return settings.levels().stream()
                .filter(level -> MemoryPlan.of(new ReplicaSettings(
                                        measured.spec(), image(measured), measured.batch(), level, 1, GPU, precision))
                                .totalBytes()
                        <= room)
                .toList();
    }

    private static ImageShape image(GpuCheckSettings.Measured measured) {
        return new ImageShape(measured.imageSize(), measured.imageSize());
    }

    private ReplicaBenchmarkSettings of(
            GpuCheckSettings.Measured measured, Precision precision, List<RecomputeLevel> levels) {
        return new ReplicaBenchmarkSettings(
                measured.spec(),
                image(measured),
                measured.batch(),
                levels,
                GPU,
                precision,
                ROUNDS,
                settings.steps(),
                WARM_UP,
                Runtime.getRuntime().availableProcessors(),
                settings.python(),
                false,
                Optional.empty(),
                false);
    }
}
