package io.densespark.benchmark.replica;

import io.densespark.benchmark.report.Html;
import io.densespark.benchmark.report.Numbers;
import io.densespark.benchmark.report.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a check of a GPU found, for people: as text and as a page. */
final class GpuReport {
    private static final List<String> OF_CHECKS = List.of("network", "precision", "what", "found", "at most", "");
    private static final List<String> OF_STEPS =
            List.of("network", "images", "implementation", "ms/step", "images/s", "planned MB", "measured MB");
    private static final double MILLIS = 1e3;

    private final GpuCheck.Result result;

    GpuReport(GpuCheck.Result result) {
        this.result = result;
    }

    private String title() {
        return "DenseSpark " + result.version() + " on " + result.gpu().name();
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("GPU", result.gpu().name());
        facts.put("compute capability", result.gpu().computeCapability());
        facts.put("memory", Numbers.megabytes(result.gpu().memoryBytes()) + " MB");
        facts.put(
                "CUDA",
                result.gpu().runtime() + ", its driver is for " + result.gpu().driver());
        return facts;
    }

    private List<List<String>> checks() {
        return result.checks().stream()
                .map(check -> List.of(
                        check.network(),
                        check.precision().toString(),
                        check.what(),
                        figure(check.found()),
                        figure(check.most()),
                        check.isPassed() ? "" : "FAILED"))
                .toList();
    }

    private static String figure(double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
    }

    private List<List<String>> steps() {
        return result.steps().stream()
                .map(step -> List.of(
                        step.network(),
                        step.batch() + " of " + step.imageSize() + "x" + step.imageSize(),
                        step.row().name(),
                        Numbers.fixed(2, MILLIS * step.row().medianStepSeconds()),
                        Numbers.fixed(1, step.row().imagesPerSecond()),
                        step.row().plannedPeakBytes() == null
                                ? ""
                                : Numbers.megabytes(step.row().plannedPeakBytes()),
                        Numbers.megabytes(step.row().measuredPeakBytes())))
                .toList();
    }

    /** The tables as text. */
    String text() {
        TextTable checks = new TextTable()
                .words("network", "precision", "what")
                .numbers("found", "at most")
                .words("");
        checks().forEach(cells -> checks.row(cells.toArray()));
        TextTable steps = new TextTable()
                .words("network", "images", "implementation")
                .numbers("ms/step", "images/s", "planned MB", "measured MB");
        steps().forEach(cells -> steps.row(cells.toArray()));
        return title() + System.lineSeparator() + checks + steps;
    }

    /** The page. */
    String page() {
        return Html.page(
                title(),
                Html.table(facts())
                        + Html.heading("Against the CPU")
                        + Html.paragraph(
                                "The loss, the gradients and the outputs of a fresh network's first step, relative to the"
                                        + " CPU's, which computes in fp32; and how many of the gradients and of the parameters a few steps"
                                        + " later have other bits when the run is repeated, at each recompute level.")
                        + Html.table(OF_CHECKS, checks())
                        + Html.heading("Training steps")
                        + Html.paragraph(
                                "The median of single steps, each waited for, updates included; DenseSpark's and"
                                        + " PyTorch's with the batch's way to the GPU. The memory is what is in use of the GPU's beyond"
                                        + " that of a toy network.")
                        + Html.table(OF_STEPS, steps()));
    }
}
