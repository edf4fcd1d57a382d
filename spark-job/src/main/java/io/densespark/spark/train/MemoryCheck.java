package io.densespark.spark.train;

import io.densespark.model.memory.Device;
import io.densespark.model.memory.MemoryPlan;
import io.densespark.model.memory.ReplicaSettings;
import io.densespark.spark.JobException;
import java.util.Locale;

/** Refuses a replica that doesn't fit, before anything is allocated: the kernel would end the whole executor later. */
final class MemoryCheck {
    private MemoryCheck() {}

    /** @throws JobException naming the largest batch that would fit; a GPU's memory is left to its allocator */
    static void requireFits(ReplicaSettings settings, long availableBytes) {
        long needed = MemoryPlan.of(settings).totalBytes();
        if (settings.device().kind() == Device.Kind.CPU && needed > availableBytes) {
            int largest = largestBatch(settings, availableBytes);
            throw new JobException(String.format(
                    Locale.ROOT,
                    "a replica of %d images needs %.0f MB and this machine has %.0f MB left: %s",
                    settings.batch(),
                    needed / 1e6,
                    availableBytes / 1e6,
                    largest == 0
                            ? "not even one image fits; use a smaller network or more memory"
                            : "at most " + largest
                                    + " images a replica fit; set --batch-size lower or --replicas higher"));
        }
    }

    /** The most images whose plan fits, or 0. */
    static int largestBatch(ReplicaSettings settings, long availableBytes) {
        int fits = 0;
        int tooMany = settings.batch();
        while (tooMany - fits > 1) {
            int batch = (fits + tooMany) / 2;
            if (MemoryPlan.of(withBatch(settings, batch)).totalBytes() <= availableBytes) {
                fits = batch;
            } else {
                tooMany = batch;
            }
        }
        return fits;
    }

    private static ReplicaSettings withBatch(ReplicaSettings s, int batch) {
        return new ReplicaSettings(s.spec(), s.image(), batch, s.level(), s.workers(), s.device());
    }
}
