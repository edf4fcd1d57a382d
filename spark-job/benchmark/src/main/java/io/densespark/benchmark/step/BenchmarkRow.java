package io.densespark.benchmark.step;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * What one implementation took; its components are the keys of the JSON file.
 *
 * @param level what DenseSpark keeps; null for the others
 * @param plannedPeakBytes total of DenseSpark's memory plan; null for the others
 * @param measuredPeakBytes peak resident memory less what was resident after the toy network's steps
 */
@JsonPropertyOrder({
    "implementation",
    "layout",
    "level",
    "threads",
    "median_step_seconds",
    "images_per_second",
    "planned_peak_bytes",
    "measured_peak_bytes",
    "parameters",
    "loss_step1",
    "loss_step2"
})
record BenchmarkRow(
        @JsonProperty("implementation") String implementation,
        @JsonProperty("layout") String layout,
        @JsonProperty("level") String level,
        @JsonProperty("threads") int threads,
        @JsonProperty("median_step_seconds") double medianStepSeconds,
        @JsonProperty("images_per_second") double imagesPerSecond,
        @JsonProperty("planned_peak_bytes") Long plannedPeakBytes,
        @JsonProperty("measured_peak_bytes") long measuredPeakBytes,
        @JsonProperty("parameters") long parameters,
        @JsonProperty("loss_step1") double lossStep1,
        @JsonProperty("loss_step2") double lossStep2) {

    /** The rows as the text of a JSON file. */
    static String json(List<BenchmarkRow> rows) throws JsonProcessingException {
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(rows) + "\n";
    }

    /** In words, as messages name it. */
    String name() {
        return implementation + " (" + (level == null ? layout : level) + ")";
    }
}
