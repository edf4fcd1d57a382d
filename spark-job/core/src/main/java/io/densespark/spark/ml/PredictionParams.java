package io.densespark.spark.ml;

import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * What estimator and model share: the column of images, and the columns that a prediction appends.
 *
 * @param <S> the stage itself, which setters return
 */
public interface PredictionParams<S> extends Params {
    /**
     * Column of the images, by its type: encoded files (binary), paths (string), a struct of bytes and path, Spark's image
     * struct, or numbers (an array or a vector, with {@link #imageShape}).
     */
    default Param<String> imageCol() {
        return StageParams.get(this, StageParams.IMAGE_COL);
    }

    /** Height, width and channels of images that are given as numbers. */
    default IntArrayParam imageShape() {
        return StageParams.get(this, StageParams.IMAGE_SHAPE);
    }

    /** Column of the predicted class: a double, its index. Empty for none. */
    default Param<String> predictionCol() {
        return StageParams.get(this, StageParams.PREDICTION_COL);
    }

    /** Column of the classes' probabilities: a vector. Empty for none. */
    default Param<String> probabilityCol() {
        return StageParams.get(this, StageParams.PROBABILITY_COL);
    }

    /** Column of the logits: a vector. Empty for none. */
    default Param<String> rawPredictionCol() {
        return StageParams.get(this, StageParams.RAW_PREDICTION_COL);
    }

    /** Column of the features that the classifier is applied to: a vector. Empty for none, which is the default. */
    default Param<String> featuresCol() {
        return StageParams.get(this, StageParams.FEATURES_COL);
    }

    /** One for each class: that with the largest {@code probability / threshold} is predicted. */
    default DoubleArrayParam thresholds() {
        return StageParams.get(this, StageParams.THRESHOLDS);
    }

    /** Images that go through the network at a time in a prediction. */
    default IntParam inferBatchSize() {
        return StageParams.get(this, StageParams.INFER_BATCH_SIZE);
    }

    /** What becomes of a row whose image is null or can't be decoded: {@code fail}, {@code null} or {@code drop}. */
    default Param<String> onBadImage() {
        return StageParams.get(this, StageParams.ON_BAD_IMAGE);
    }

    /** Sets {@link #imageCol}. */
    default S setImageCol(String column) {
        return StageParams.set(this, imageCol(), column);
    }

    /** Sets {@link #imageShape}. */
    default S setImageShape(int height, int width, int channels) {
        return StageParams.set(this, imageShape(), new int[] {height, width, channels});
    }

    /** Sets {@link #predictionCol}. */
    default S setPredictionCol(String column) {
        return StageParams.set(this, predictionCol(), column);
    }

    /** Sets {@link #probabilityCol}. */
    default S setProbabilityCol(String column) {
        return StageParams.set(this, probabilityCol(), column);
    }

    /** Sets {@link #rawPredictionCol}. */
    default S setRawPredictionCol(String column) {
        return StageParams.set(this, rawPredictionCol(), column);
    }

    /** Sets {@link #featuresCol}. */
    default S setFeaturesCol(String column) {
        return StageParams.set(this, featuresCol(), column);
    }

    /** Sets {@link #thresholds}. */
    default S setThresholds(double... thresholds) {
        return StageParams.set(this, thresholds(), thresholds);
    }

    /** Sets {@link #inferBatchSize}. */
    default S setInferBatchSize(int images) {
        return StageParams.set(this, inferBatchSize(), images);
    }

    /** Sets {@link #onBadImage}. */
    default S setOnBadImage(String policy) {
        return StageParams.set(this, onBadImage(), policy);
    }
}
