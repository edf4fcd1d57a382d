package io.densespark.spark.exchange;

import io.densespark.model.exchange.ForeignModel;
import io.densespark.model.exchange.SafetensorsModel;
import io.densespark.model.exchange.bigdl.BigDlModel;
import java.io.IOException;
import java.io.InputStream;

/** A format of other programs that models are read from. The names are what users type. */
public enum ImportFormat {
    bigdl,
    safetensors;

    ForeignModel read(InputStream in, String source) throws IOException {
        return switch (this) {
            case bigdl -> BigDlModel.read(in, source);
            case safetensors -> SafetensorsModel.read(in, source);
        };
    }
}
