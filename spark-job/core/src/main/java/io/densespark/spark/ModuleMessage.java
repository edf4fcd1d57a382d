package io.densespark.spark;

import io.densespark.data.batch.SplitTooLargeException;
import io.densespark.data.batch.SpoolException;
import io.densespark.data.prepare.BadImageException;
import io.densespark.data.records.NoSuchColumnException;
import io.densespark.data.source.ImageSizesDifferException;
import io.densespark.data.source.SeveralSetsException;
import io.densespark.model.plan.BatchTooLargeException;
import io.densespark.model.replica.UndefinedStatisticsException;
import io.densespark.model.tensor.AllocationException;
import io.densespark.model.tensor.NoSuchGpuException;
import java.util.Locale;
import java.util.Optional;

/** The facts of {@code model} and {@code data-prep} with remedies in this job's words. */
final class ModuleMessage {
    private ModuleMessage() {}

    /** Empty if the error's own message says all. */
    static Optional<String> find(Throwable error) {
        if (error instanceof ImageSizesDifferException sizes) {
            return Optional.of(sizes.facts() + ": give --image-size N to scale them and cut their central N x N");
        }
        if (error instanceof NoSuchColumnException column) {
            return Optional.of(column.facts() + ": give " + option(column.role()) + " with the one to take");
        }
        if (error instanceof BadImageException image) {
            return Optional.of(image.facts()
                    + (image.areMany()
                            ? ": mend them, or raise --max-bad"
                            : ": mend or remove it, or give --on-bad quarantine to leave such images out"));
        }
        if (error instanceof SeveralSetsException sets) {
            return Optional.of(
                    sets.facts() + ": give --set with the one to take, or --input with a folder that has one only");
        }
        if (error instanceof SplitTooLargeException split) {
            return Optional.of(
                    split.facts() + ": raise spark.executor.memory (on a local master spark.driver.memory) by "
                            + split.missingMebibytes() + "m or more");
        }
        if (error instanceof SpoolException spool) {
            return Optional.of(spool.facts()
                    + ": give Spark other local directories (spark.local.dir, or the cluster manager's), or raise "
                    + "spark.executor.memory (on a local master spark.driver.memory)");
        }
        if (error instanceof BatchTooLargeException batch) {
            return Optional.of(batch.facts() + ": use a smaller --batch-size, more --replicas, or more cores a replica "
                    + "(spark.task.cpus)");
        }
        if (error instanceof AllocationException memory) {
            return Optional.of(memory.facts() + ": use a smaller --batch-size or more --replicas");
        }
        if (error instanceof UndefinedStatisticsException channel) {
            return Optional.of(channel.facts()
                    + ": train with at least 2 images a replica in every step (change --batch-size) or larger images");
        }
        if (error instanceof NoSuchGpuException gpu) {
            return Optional.of("Spark gave this task GPU " + gpu.device().index() + ", but CUDA sees " + gpu.visible()
                    + " devices here: check the driver and the discovery script's addresses on this machine");
        }
        return Optional.empty();
    }

    private static String option(NoSuchColumnException.Role role) {
        return role == NoSuchColumnException.Role.CLASS
                ? "--label-columns"
                : "--" + role.name().toLowerCase(Locale.ROOT) + "-column";
    }
}
