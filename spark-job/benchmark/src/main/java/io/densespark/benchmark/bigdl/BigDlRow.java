package io.densespark.benchmark.bigdl;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * What one of the two took; its components are the keys of the JSON file.
 *
 * @param implementation {@code densespark} or {@code bigdl}
 * @param peakResidentBytes the most that the whole process ever had resident, Java heap and libraries included
 * @param losses the mean loss before each step, warm-up included
 */
@JsonPropertyOrder({
    "implementation",
    "cores",
    "batch",
    "median_step_seconds",
    "images_per_second",
    "peak_resident_bytes",
    "parameters",
    "losses"
})
record BigDlRow(
        @JsonProperty("implementation") String implementation,
        @JsonProperty("cores") int cores,
        @JsonProperty("batch") int batch,
        @JsonProperty("median_step_seconds") double medianStepSeconds,
        @JsonProperty("images_per_second") double imagesPerSecond,
        @JsonProperty("peak_resident_bytes") long peakResidentBytes,
        @JsonProperty("parameters") long parameters,
        @JsonProperty("losses") List<Double> losses) {

    BigDlRow {
        losses = List.copyOf(losses);
    }

    /** The rows as the text of a JSON file. */
    static String json(List<BigDlRow> rows) throws JsonProcessingException {
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(rows) + "\n";
    }
}
