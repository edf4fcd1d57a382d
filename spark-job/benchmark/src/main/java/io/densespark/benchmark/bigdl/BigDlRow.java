package io.densespark.benchmark.bigdl;

import java.util.List;

/**
 * What one of the two took, as the JSON file has it: the components' names are its keys.
 *
 * @param implementation {@code densespark} or {@code bigdl}
 * @param medianStepSeconds of the timed steps of each process, and the median of those
 * @param fastestStepSeconds the least such median of a process
 * @param slowestStepSeconds the largest
 * @param settled whether the steps before took as long in each process
 * @param peakResidentBytes the most that the whole process ever had resident, Java heap and libraries included
 * @param losses the mean loss before each of the first steps
 */
record BigDlRow(
        String implementation,
        int cores,
        int batch,
        double medianStepSeconds,
        double fastestStepSeconds,
        double slowestStepSeconds,
        boolean settled,
        double imagesPerSecond,
        long peakResidentBytes,
        long parameters,
        List<Double> losses) {

    BigDlRow {
        losses = List.copyOf(losses);
    }
}
