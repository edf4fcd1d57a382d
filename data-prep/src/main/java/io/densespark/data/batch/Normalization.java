package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import java.io.Serializable;
import java.util.List;

/**
 * Turns a value x of channel c into {@code (x / max - mean[c]) / std[c]}, in float arithmetic; max is the largest value, 255 or
 * 65535.
 *
 * <p>Making one throws {@link DataException} if the lists are empty, differ in length, or have a value that is not finite, or not positive for std.
 *
 * @param mean one for each channel, where the largest value counts 1.0
 * @param std one for each channel, positive, in the same unit
 */
public record Normalization(List<Float> mean, List<Float> std) implements Serializable {
    public Normalization {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.isEmpty() || mean.size() != std.size()) {
            throw new DataException("normalization has " + mean.size() + " means and " + std.size()
                    + " standard deviations: give one of each for every channel");
        }
        if (!mean.stream().allMatch(Float::isFinite)) {
            throw new DataException("normalization mean " + mean + " is not finite: give finite numbers");
        }
        if (!std.stream().allMatch(value -> Float.isFinite(value) && value > 0)) {
            throw new DataException("normalization std " + std + " is not positive: give positive numbers");
        }
    }

    /** By the train split's own mean and std. A channel that is constant there has no std; it is only centred. */
    public static Normalization of(DatasetDescription description) {
        return of(description.mean(), description.std());
    }

    /** The same by mean and std of each channel. */
    public static Normalization of(List<Double> mean, List<Double> std) {
        return new Normalization(
                mean.stream().map(Double::floatValue).toList(),
                std.stream()
                        .map(Double::floatValue)
                        .map(value -> value > 0 ? value : 1f)
                        .toList());
    }

    /** Normalizes values {@code [pixels, C]} in place, so many from {@code offset} on. */
    void apply(float[] values, int offset, int count, int max) {
        int channels = mean.size();
        for (int c = 0; c < channels; c++) {
            float channelMean = mean.get(c);
            float channelStd = std.get(c);
            for (int i = offset + c; i < offset + count; i += channels) {
                values[i] = (values[i] / max - channelMean) / channelStd;
            }
        }
    }

    /** The result for every channel and value, {@code [C, max + 1]}. */
    float[] table(int max) {
        int values = max + 1;
        float[] table = new float[mean.size() * values];
        for (int c = 0; c < mean.size(); c++) {
            for (int x = 0; x < values; x++) {
                table[c * values + x] = (x / (float) max - mean.get(c)) / std.get(c);
            }
        }
        return table;
    }
}
