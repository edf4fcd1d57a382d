package io.densespark.spark.ml;

import io.densespark.spark.predict.BroadcastModel;
import io.densespark.spark.store.ModelFolder;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/**
 * What a model and its copies have in common, of which Spark makes many: pipelines one for each fit, Spark Connect one for each
 * look at a transformed DataFrame. It goes to each executor once.
 */
final class SharedModel {
    private final ModelFolder folder;
    /** For the Spark that has asked last. */
    private @Nullable Sent sent;

    private record Sent(SparkContext sc, BroadcastModel model) {}

    SharedModel(ModelFolder folder) {
        this.folder = folder;
    }

    ModelFolder folder() {
        return folder;
    }

    synchronized BroadcastModel sentTo(SparkContext sc) {
        Sent before = sent;
        if (before == null || before.sc() != sc) {
            before = new Sent(sc, BroadcastModel.of(sc, folder));
            sent = before;
        }
        return before.model();
    }
}
