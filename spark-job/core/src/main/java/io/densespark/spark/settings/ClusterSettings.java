package io.densespark.spark.settings;

import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import io.densespark.spark.rank.Connections;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a run uses the cluster, which doesn't change what it computes beyond rounding.
 *
 * @param levels of recomputation that a replica may take, the fastest first
 * @param precision as asked for, of which a device takes what it has
 * @param isSlowPrecisionAllowed whether processors take it, too, that have no instructions for it
 * @param replicas tasks that each run one; empty for as many as the cluster has slots
 * @param elasticity what is done while there are fewer
 * @param connections between replicas; their timeouts are in whole seconds
 * @param maxFailures lost executors to survive in a row without a new checkpoint
 */
public record ClusterSettings(
        List<RecomputeLevel> levels,
        Precision precision,
        boolean isSlowPrecisionAllowed,
        OptionalInt replicas,
        Elasticity elasticity,
        Connections connections,
        int maxFailures) {
    /** @throws JobException naming the setting that is out of range, or more replicas at least than at most */
    public ClusterSettings {
        levels = Setting.RECOMPUTE.require(List.copyOf(levels));
        replicas.ifPresent(Setting.REPLICAS::require);
        if (replicas.isPresent() && elasticity.least().orElse(1) > replicas.getAsInt()) {
            throw new JobException("setting min-replicas " + elasticity.least().getAsInt() + " is more than replicas "
                    + replicas.getAsInt() + ": set it lower, or replicas higher");
        }
        Setting.COLLECTIVE_TIMEOUT.require(Math.toIntExact(connections.timeout().toSeconds()));
        Setting.PEER_TIMEOUT.require(Math.toIntExact(connections.peerTimeout().toSeconds()));
        Setting.MAX_FAILURES.require(maxFailures);
    }

    /** The fewest replicas that the run begins or goes on with. */
    public OptionalInt leastReplicas() {
        return elasticity.least().isPresent() ? elasticity.least() : replicas;
    }

    /** The same with the number of replicas decided. */
    ClusterSettings decided(int decidedReplicas) {
        return new ClusterSettings(
                levels,
                precision,
                isSlowPrecisionAllowed,
                OptionalInt.of(decidedReplicas),
                new Elasticity(OptionalInt.empty(), elasticity.patience()),
                connections,
                maxFailures);
    }
}
