package io.densespark.spark.store;

import io.densespark.spark.metrics.EpochRow;
import java.util.List;
import java.util.Map;

/**
 * Where a run stands, beside the state of its replicas.
 *
 * @param seed of the run
 * @param settings what must be the same for the run to go on, by key
 * @param history the figures of all finished epochs; its length is their number
 * @param bestEpoch the epoch with the best validation so far, counted from 1; 0 before the first has ended
 * @param bestFolder name of that epoch's checkpoint folder; empty before the first has ended
 * @param progress of the epoch after these
 */
public record RunPosition(
        long seed,
        Map<String, String> settings,
        List<EpochRow> history,
        int bestEpoch,
        String bestFolder,
        EpochProgress progress) {
    /** @throws IllegalArgumentException if the epochs aren't 1, 2, … or the best isn't one of them, or nothing is done at all */
    public RunPosition {
        settings = Map.copyOf(settings);
        history = List.copyOf(history);
        for (int i = 0; i < history.size(); i++) {
            if (history.get(i).epoch() != i + 1) {
                throw new IllegalArgumentException("row " + (i + 1) + " of the history is of epoch "
                        + history.get(i).epoch());
            }
        }
        if (history.isEmpty() && progress.steps() == 0) {
            throw new IllegalArgumentException("neither an epoch nor a step is done");
        }
        if (bestEpoch < Math.min(1, history.size()) || bestEpoch > history.size()) {
            throw new IllegalArgumentException("best epoch " + bestEpoch + " of " + history.size());
        }
        if (bestFolder.isEmpty() != history.isEmpty() || bestFolder.contains("/")) {
            throw new IllegalArgumentException("best folder '" + bestFolder + "' is no folder's name");
        }
    }
}
