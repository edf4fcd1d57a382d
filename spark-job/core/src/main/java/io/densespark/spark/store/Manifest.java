package io.densespark.spark.store;

import io.densespark.data.files.StagedFile.Written;
import io.densespark.spark.metrics.EpochRow;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The file {@code manifest.json} of a checkpoint, written last: without it a folder is no checkpoint. It is one JSON object
 * in UTF-8, over several lines; its fields are the components below, in snake_case ({@code best_epoch}). The rows of the
 * history are objects with the components of {@link EpochRow}, in camelCase ({@code trainLoss}); a figure that isn't a number
 * is the string "NaN".
 *
 * @param format version of the layout, {@value #FORMAT} at an epoch's end and {@value #FORMAT_WITHIN_EPOCH} otherwise
 * @param seed of the run
 * @param settings what must be the same for the run to go on, by key
 * @param history the figures of all finished epochs; its length is their number
 * @param bestEpoch the epoch with the best validation so far, counted from 1; 0 before the first has ended
 * @param bestFolder name of that epoch's checkpoint folder, beside this one or this one; empty before the first has ended
 * @param progress of the epoch after these; not in the file at an epoch's end
 * @param stateBytes length of the state file
 * @param stateSha256 digest of the state file, in hexadecimal
 */
public record Manifest(
        int format,
        long seed,
        Map<String, String> settings,
        List<EpochRow> history,
        int bestEpoch,
        String bestFolder,
        EpochProgress progress,
        long stateBytes,
        String stateSha256) {
    public static final int FORMAT = 2;

    /** Of checkpoints within an epoch, which releases that don't write them can't read. */
    public static final int FORMAT_WITHIN_EPOCH = 3;

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException as {@link RunPosition}, or if length or digest can't be those of a file */
    public Manifest {
        RunPosition position = new RunPosition(seed, settings, history, bestEpoch, bestFolder, progress);
        settings = position.settings();
        history = position.history();
        if (format != format(progress)) {
            throw new IllegalArgumentException("format " + format + " with " + progress.steps() + " steps");
        }
        if (stateBytes < 1 || !SHA_256.matcher(stateSha256).matches()) {
            throw new IllegalArgumentException("a state of " + stateBytes + " bytes with SHA-256 " + stateSha256);
        }
    }

    static Manifest of(RunPosition position, Written state) {
        return new Manifest(
                format(position.progress()),
                position.seed(),
                position.settings(),
                position.history(),
                position.bestEpoch(),
                position.bestFolder(),
                position.progress(),
                state.bytes(),
                state.sha256());
    }

    private static int format(EpochProgress progress) {
        return progress.steps() == 0 ? FORMAT : FORMAT_WITHIN_EPOCH;
    }

    /** Number of finished epochs. */
    public int epochs() {
        return history.size();
    }
}
