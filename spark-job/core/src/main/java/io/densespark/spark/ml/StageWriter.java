package io.densespark.spark.ml;

import io.densespark.spark.UserMessage;
import io.densespark.spark.store.ModelFolder;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLWriter;

/** Saves a stage, and its model if it has one; the folder of a model is an ordinary model folder too. */
final class StageWriter extends MLWriter {
    private final Params stage;
    private final Optional<ModelFolder> model;

    StageWriter(Params stage, Optional<ModelFolder> model) {
        this.stage = stage;
        this.model = model;
    }

    @Override
    public void saveImpl(String path) {
        StageFolder folder = StageFolder.at(path);
        try {
            if (model.isPresent()) {
                model.get().write(folder.path(), folder.conf());
            }
            folder.writeMetadata(stage);
        } catch (IOException e) {
            throw UserMessage.unchecked(e);
        }
    }
}
