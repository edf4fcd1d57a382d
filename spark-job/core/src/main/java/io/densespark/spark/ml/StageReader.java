package io.densespark.spark.ml;

import io.densespark.spark.UserMessage;
import java.io.IOException;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;

/** Loads a stage of one class. */
final class StageReader<T extends Params> extends MLReader<T> {
    private final Class<T> type;
    private final Maker<T> maker;

    /** Makes a stage, with its defaults. */
    @FunctionalInterface
    interface Maker<T> {
        T make(String uid, StageFolder folder) throws IOException;
    }

    StageReader(Class<T> type, Maker<T> maker) {
        this.type = type;
        this.maker = maker;
    }

    @Override
    public T load(String path) {
        StageFolder folder = StageFolder.at(path);
        try {
            StageFolder.Metadata metadata = folder.readMetadata(type);
            T stage = maker.make(metadata.uid(), folder);
            metadata.setParams(stage);
            return stage;
        } catch (IOException e) {
            throw UserMessage.unchecked(e);
        }
    }
}
