package io.densespark.spark.resources;

import io.densespark.spark.JobException;
import java.util.Arrays;
import java.util.List;

/**
 * The GPUs that CUDA shows this process, by the addresses that the discovery script gave Spark. CUDA itself knows them by
 * ordinals: it counts what {@code CUDA_VISIBLE_DEVICES} lists, or without that all GPUs of the machine.
 *
 * @param visible the entries of {@code CUDA_VISIBLE_DEVICES} in their order; empty if it isn't set
 */
record GpuTable(List<String> visible) {
    GpuTable {
        visible = List.copyOf(visible);
    }

    /** @param visibleDevices the value of {@code CUDA_VISIBLE_DEVICES}, or null */
    static GpuTable of(String visibleDevices) {
        return new GpuTable(
                visibleDevices == null || visibleDevices.isBlank()
                        ? List.of()
                        : Arrays.stream(visibleDevices.split(",", -1))
                                .map(String::strip)
                                .toList());
    }

    /** True if CUDA shows the device only to a process that names it: nothing but an index tells its ordinal. */
    boolean mustBeNamed(String address) {
        return visible.isEmpty() && !address.matches("\\d+");
    }

    /**
     * CUDA's ordinal of a device.
     *
     * @throws JobException if CUDA doesn't show this process that device
     */
    int ordinal(String address) {
        if (visible.isEmpty()) {
            return mustBeNamed(address) ? 0 : Integer.parseInt(address);
        }
        int ordinal = visible.indexOf(address);
        if (ordinal < 0) {
            throw new JobException("Spark gave this task the GPU '" + address
                    + "', this executor's CUDA_VISIBLE_DEVICES is " + String.join(",", visible)
                    + ": let the discovery script print what it lists, or don't set it");
        }
        return ordinal;
    }
}
