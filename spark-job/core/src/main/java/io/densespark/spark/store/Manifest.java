package io.densespark.spark.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.densespark.spark.metrics.EpochRow;
import java.util.List;
import java.util.Map;

/**
 * The file {@code manifest.json} of a checkpoint, written last: without it a folder is no checkpoint.
 *
 * @param format version of the layout, {@value #FORMAT}
 * @param seed of the run
 * @param settings what must be the same for the run to go on, by key
 * @param history the figures of all epochs so far; its length is the number of finished epochs
 * @param bestEpoch the epoch with the best validation so far, counted from 1
 * @param bestFolder name of that epoch's checkpoint folder, beside this one or this one
 * @param stateBytes length of the state file
 * @param stateSha256 digest of the state file, in hexadecimal
 */
public record Manifest(
        int format,
        long seed,
        Map<String, String> settings,
        List<EpochRow> history,
        @JsonProperty("best_epoch") int bestEpoch,
        @JsonProperty("best_folder") String bestFolder,
        @JsonProperty("state_bytes") long stateBytes,
        @JsonProperty("state_sha256") String stateSha256) {
    public static final int FORMAT = 2;

    public Manifest {
        settings = Map.copyOf(settings);
        history = List.copyOf(history);
    }

    /** Number of finished epochs. */
    public int epochs() {
        return history.size();
    }
}
