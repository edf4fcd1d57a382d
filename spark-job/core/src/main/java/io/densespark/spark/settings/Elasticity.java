package io.densespark.spark.settings;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a run does while the cluster hasn't the executors that it asks for.
 *
 * @param least replicas to run with; empty for no fewer than are asked for
 * @param patience how long for replacements of lost executors, in whole seconds, before a run goes on with fewer, or ends
 */
public record Elasticity(OptionalInt least, Duration patience) {
    /** @throws io.densespark.spark.JobException naming the setting that is out of range */
    public Elasticity {
        least.ifPresent(Setting.MIN_REPLICAS::require);
        Setting.REPLICA_WAIT.require(Math.toIntExact(patience.toSeconds()));
    }

    static Elasticity of(Precedence settings) {
        return new Elasticity(
                settings.given(Setting.MIN_REPLICAS).map(OptionalInt::of).orElse(OptionalInt.empty()),
                Duration.ofSeconds(settings.get(Setting.REPLICA_WAIT)));
    }

    SettingValues addTo(SettingValues values) {
        SettingValues all = values.with(Setting.REPLICA_WAIT, (int) patience.toSeconds());
        return least.isPresent() ? all.with(Setting.MIN_REPLICAS, least.getAsInt()) : all;
    }
}
