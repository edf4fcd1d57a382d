package io.densespark.spark.train;

import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Vector;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.StateDictionary;
import io.densespark.spark.JobException;
import io.densespark.spark.rank.RankPlace;
import java.util.List;
import java.util.Map;

/** A replica's state as a checkpoint has it: the model's own tensors, and flat ones beside them. */
final class ReplicaState {
    /** Name of the optimizer's state. */
    static final String VELOCITY = "optimizer.velocity";

    /** What the names of the ranks' own running statistics begin with. */
    private static final String STATISTICS = "running_statistics.rank-";

    private ReplicaState() {}

    /** A copy of the whole state, between two epochs: all ranks have the same. */
    static Map<String, NamedTensor> of(Replica replica) {
        Map<String, NamedTensor> state = StateDictionary.capture(replica);
        state.put(VELOCITY, flat(replica.velocity().toFloats()));
        return state;
    }

    /**
     * A copy of the whole state within an epoch: what the replicas share, and the running statistics of each.
     *
     * @param statistics a row of each rank
     * @param weights of the ranks in the mean of these
     */
    static Map<String, NamedTensor> of(Replica replica, RankTable statistics, double[] weights) {
        Vector running = replica.runningStatistics();
        float[] own = running.toFloats();
        running.set(statistics.mean(weights));
        Map<String, NamedTensor> state = of(replica);
        running.set(own);
        for (int of = 0; of < weights.length; of++) {
            state.put(STATISTICS + of, flat(statistics.floats(of)));
        }
        return state;
    }

    /**
     * Fills a replica.
     *
     * @param checkpoint the state's name, for messages
     * @param ranks whose own running statistics the state has; with another number of ranks each goes on from their mean
     * @throws JobException if the state is of another network
     */
    static void restore(
            Replica replica, Map<String, NamedTensor> state, String checkpoint, int ranks, RankPlace place) {
        StateDictionary.restore(state, replica, "checkpoint " + checkpoint);
        NamedTensor velocity = state.get(VELOCITY);
        if (velocity == null || velocity.values().length != replica.velocity().length()) {
            throw new JobException("checkpoint " + checkpoint + " has no " + VELOCITY + " of this network");
        }
        replica.velocity().set(velocity.values());
        NamedTensor own = state.get(STATISTICS + place.rank());
        if (own != null && ranks == place.worldSize()) {
            replica.runningStatistics().set(own.values());
        }
    }

    private static NamedTensor flat(float[] values) {
        return new NamedTensor(List.of(values.length), values);
    }
}
