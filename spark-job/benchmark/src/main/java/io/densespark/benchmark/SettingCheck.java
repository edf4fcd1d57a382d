package io.densespark.benchmark;

import io.densespark.spark.JobException;

/** What the settings of several benchmarks are checked for. */
public final class SettingCheck {
    private SettingCheck() {}

    /**
     * Refuses a value that is too small.
     *
     * @throws JobException naming the setting, if its value is less than {@code least}
     */
    public static void atLeast(int least, String setting, int value) {
        if (value < least) {
            throw new JobException("setting " + setting + " " + value + ": must be at least " + least);
        }
    }
}
