package io.densespark.spark.evaluate;

import java.io.Serializable;

/**
 * What a rank found for its images, on its way to the driver.
 *
 * @param lossSum sum of the cross-entropies
 * @param inTop images whose label is among the five largest outputs
 * @param labels of the images
 * @param predicted classes of the images
 * @param ownBins bins of the scores for the labels
 * @param scores {@link ScoreCounts#packed}
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; made once, and read once.
record SliceResult(
        double lossSum, int inTop, int[] labels, int[] predicted, int[] ownBins, Calibration calibration, byte[] scores)
        implements Serializable {}
