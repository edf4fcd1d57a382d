package io.densespark.spark.settings;

import java.time.Duration;

/**
 * When checkpoints are written besides those at each epoch's end, and how many stay.
 *
 * @param everySteps steps of an epoch from one to the next; 0 for none by steps
 * @param every time from one to the next, in whole minutes; zero for none by time
 * @param kept newest ones that stay, at least 2: one that is damaged leaves the one before it
 */
public record CheckpointSettings(int everySteps, Duration every, int kept) {
    /** @throws io.densespark.spark.JobException naming the setting that is out of range */
    public CheckpointSettings {
        Setting.CHECKPOINT_STEPS.require(everySteps);
        Setting.CHECKPOINT_MINUTES.require(Math.toIntExact(every.toMinutes()));
        Setting.KEEP_CHECKPOINTS.require(kept);
    }

    static CheckpointSettings of(Precedence settings) {
        return new CheckpointSettings(
                settings.get(Setting.CHECKPOINT_STEPS),
                Duration.ofMinutes(settings.get(Setting.CHECKPOINT_MINUTES)),
                settings.get(Setting.KEEP_CHECKPOINTS));
    }

    SettingValues addTo(SettingValues values) {
        return values.with(Setting.CHECKPOINT_STEPS, everySteps)
                .with(Setting.CHECKPOINT_MINUTES, (int) every.toMinutes())
                .with(Setting.KEEP_CHECKPOINTS, kept);
    }
}
