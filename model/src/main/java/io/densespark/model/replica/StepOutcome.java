package io.densespark.model.replica;

/**
 * What came of one step of a rank.
 *
 * @param result of this rank's images
 * @param globalImages images of all ranks
 * @param areGradientsNumbers whether the loss of every rank was finite; the same on all ranks
 * @param times of the passes
 * @param allReduceSeconds how long the ranks' sum was waited for when this rank's passes were done
 * @param optimizerSeconds of the optimizer's step
 */
public record StepOutcome(
        BatchResult result,
        int globalImages,
        boolean areGradientsNumbers,
        PassTimes times,
        double allReduceSeconds,
        double optimizerSeconds) {}
