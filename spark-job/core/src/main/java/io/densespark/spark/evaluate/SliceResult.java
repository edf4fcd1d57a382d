package io.densespark.spark.evaluate;

import io.densespark.model.replica.BatchResult;
import java.io.Serializable;

/** What a rank found for its images, on its way to the driver. */
record SliceResult(int examples, double lossSum, int correct) implements Serializable {
    BatchResult toBatchResult() {
        return new BatchResult(examples, lossSum, correct);
    }
}
