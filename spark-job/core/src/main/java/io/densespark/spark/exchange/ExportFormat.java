package io.densespark.spark.exchange;

import io.densespark.model.exchange.SafetensorsModel;
import io.densespark.model.exchange.bigdl.BigDlModel;
import io.densespark.model.exchange.onnx.OnnxModel;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** A format of other programs that models are written in. The names are what users type. */
public enum ExportFormat {
    bigdl,
    onnx,
    safetensors;

    void write(ModelDescription description, Map<String, NamedTensor> state, OutputStream out) throws IOException {
        switch (this) {
            case bigdl -> BigDlModel.write(description, state, out);
            case onnx -> OnnxModel.write(description, state, out);
            case safetensors -> SafetensorsModel.write(description, state, out);
        }
    }
}
