package io.densespark.spark.resources;

import io.densespark.model.ModelException;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.spark.JobException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Refuses a replica that doesn't fit, before anything is allocated: later the kernel would end the whole executor, or a GPU the step. */
final class MemoryCheck {
    private MemoryCheck() {}

    /**
     * Those of the levels whose plan fits a replica's share, in their order.
     *
     * @param settings at any level
     * @param levels the fastest first
     * @throws JobException if none fits, naming the largest batch that would at each level
     */
    static List<RecomputeLevel> fitting(ReplicaSettings settings, List<RecomputeLevel> levels, MemoryBudget budget) {
        List<RecomputeLevel> fitting = levels.stream()
                .filter(level -> bytes(settings, settings.batch(), level) <= budget.share())
                .toList();
        if (fitting.isEmpty()) {
            throw tooLittle(settings, levels.get(levels.size() - 1), budget);
        }
        return fitting;
    }

    /**
     * The most images, up to those of {@code settings}, that a replica may evaluate at a time.
     *
     * @throws JobException if there is too little memory for one
     */
    static int evaluationBatch(ReplicaSettings settings, MemoryBudget budget) {
        int batch = largestBatch(settings, settings.level(), budget.share());
        if (batch == 0) {
            throw new JobException(String.format(
                    Locale.ROOT,
                    "evaluating one image at a time needs %.0f MB, and %s: %s%s",
                    bytes(settings, 1, settings.level()) / 1e6,
                    budget.describe(),
                    budget.more(),
                    budget.remedy(bytes(settings, 1, settings.level()))));
        }
        return batch;
    }

    /** The most images, up to those of {@code settings}, whose plan at that level fits, or 0. */
    static int largestBatch(ReplicaSettings settings, RecomputeLevel level, long availableBytes) {
        int fits = 0;
        int tooMany = settings.batch() + 1;
        while (tooMany - fits > 1) {
            int batch = (fits + tooMany) / 2;
            if (bytes(settings, batch, level) <= availableBytes) {
                fits = batch;
            } else {
                tooMany = batch;
            }
        }
        return fits;
    }

    private static JobException tooLittle(ReplicaSettings settings, RecomputeLevel level, MemoryBudget budget) {
        long needed = bytes(settings, settings.batch(), level);
        if (needed == Long.MAX_VALUE) {
            // The plan itself says why it can't be.
            MemoryPlan.of(with(settings, settings.batch(), level));
        }
        if (Stream.of(RecomputeLevel.values()).allMatch(each -> largestBatch(settings, each, budget.share()) == 0)) {
            long least = bytes(settings, 1, RecomputeLevel.BOTTLENECK);
            return new JobException(String.format(
                    Locale.ROOT,
                    "a replica of a single image needs %.0f MB at recompute level %s, and %s: take a smaller network or "
                            + "images, --precision bf16 if it isn't that already, or more memory%s",
                    least / 1e6,
                    RecomputeLevel.BOTTLENECK,
                    budget.describe(),
                    budget.remedy(least)));
        }
        String batches = Stream.of(RecomputeLevel.values())
                .map(each -> largestBatch(settings, each, budget.share()) + " at " + each)
                .collect(Collectors.joining(", "));
        return new JobException(String.format(
                Locale.ROOT,
                "a replica of %d images needs %.0f MB at recompute level %s, and %s: a replica can have %s; set "
                        + "--batch-size (in a benchmark --batch-per-replica) lower, --replicas higher, or --recompute to a level that fits%s",
                settings.batch(),
                needed / 1e6,
                level,
                budget.describe(),
                batches,
                budget.remedy(needed)));
    }

    /** Bytes of the plan; the largest number if there is no such plan. */
    private static long bytes(ReplicaSettings settings, int batch, RecomputeLevel level) {
        try {
            return MemoryPlan.of(with(settings, batch, level)).totalBytes();
        } catch (ModelException e) {
            return Long.MAX_VALUE;
        }
    }

    private static ReplicaSettings with(ReplicaSettings s, int batch, RecomputeLevel level) {
        return new ReplicaSettings(s.spec(), s.image(), batch, level, s.workers(), s.device(), s.precision());
    }
}
