package io.densespark.benchmark.step;

import io.densespark.model.cuda.Cuda;
import io.densespark.model.tensor.Device;
import io.densespark.spark.platform.ProcessMemory;

/** What a network adds to the memory of its process, or of its GPU: measured from when a toy network was there before it. */
@FunctionalInterface
interface MemoryMeter {
    StepMemory read();

    /** Starts to measure. */
    static MemoryMeter start(Device device) {
        if (device.kind() == Device.Kind.CPU) {
            long before = ProcessMemory.residentBytes();
            long peakBefore = ProcessMemory.peakBytes();
            ProcessMemory.forgetPeak();
            return () -> {
                long peak = ProcessMemory.peakBytes();
                return new StepMemory(peak - before, Math.max(peakBefore, peak));
            };
        }
        long free = Cuda.freeBytes(device);
        return () -> new StepMemory(free - Cuda.freeBytes(device), ProcessMemory.peakBytes());
    }
}
