package io.densespark.benchmark.bigdl;

import java.util.List;

/**
 * What one of the two took, as the JSON file has it: the components' names are its keys.
 *
 * @param implementation {@code densespark} or {@code bigdl}
 * @param medianStepSeconds of the timed steps
 * @param peakResidentBytes the most that the whole process ever had resident, Java heap and libraries included
 * @param losses the mean loss before each step, warm-up included
 */
record BigDlRow(
        String implementation,
        int cores,
        int batch,
        double medianStepSeconds,
        double imagesPerSecond,
        long peakResidentBytes,
        long parameters,
        List<Double> losses) {

    BigDlRow {
        losses = List.copyOf(losses);
    }
}
