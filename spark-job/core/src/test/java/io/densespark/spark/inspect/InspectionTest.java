package io.densespark.spark.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Preset;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class InspectionTest {
    private static final Inspection INSPECTION = Inspection.of(
            "densenet-bc-40-12",
            Preset.DENSENET_BC_40_12.spec(),
            new ImageShape(32, 32),
            16,
            Device.CPU,
            2,
            Precision.TF32);

    @Test
    void theTableEndsItsLayersWithTheTotalsAndNamesEveryLevel() {
        List<String> lines = InspectionTable.of(INSPECTION).lines().toList();
        assertThat(lines.get(0)).containsSubsequence("layer", "kind", "output", "parameters", "multiply-adds");
        assertThat(lines.get(1).split("\\s{2,}|(?<=conv0) +"))
                .contains("features.conv0", "convolution", "[16, 24, 32, 32]", "648");
        assertThat(lines).anySatisfy(line -> assertThat(line).matches("total +176,122 +72,365,352"));
        for (RecomputeLevel level : RecomputeLevel.values()) {
            assertThat(lines)
                    .contains("Memory plan of a replica (16 images, recompute level " + level + ", 2 workers):");
        }
    }

    @Test
    void theJsonHoldsLayersAndPlansThatAddUp() throws IOException {
        JsonNode json = new ObjectMapper().readTree(InspectionJson.of(INSPECTION));
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "network",
                        "image_size",
                        "batch",
                        "device",
                        "workers",
                        "precision",
                        "parameters",
                        "multiply_adds",
                        "layers",
                        "plans");
        assertThat(json.get("layers").get(0).toString())
                .isEqualTo("{\"name\":\"features.conv0\",\"kind\":\"convolution\",\"output\":[16,24,32,32],"
                        + "\"parameters\":648,\"multiply_adds\":663552}");
        long parameters = 0;
        long multiplyAdds = 0;
        for (JsonNode layer : json.get("layers")) {
            parameters += layer.get("parameters").asLong();
            multiplyAdds += layer.get("multiply_adds").asLong();
            assertThat(layer.get("output").get(0).asInt()).isEqualTo(16);
        }
        assertThat(json.get("parameters").asLong()).isEqualTo(parameters).isEqualTo(176_122);
        assertThat(json.get("multiply_adds").asLong()).isEqualTo(multiplyAdds);
        for (RecomputeLevel level : RecomputeLevel.values()) {
            MemoryPlan plan = INSPECTION.plans().get(level);
            JsonNode planned = json.get("plans").get(level.toString());
            long bytes = planned.get("library_allowance_bytes").asLong()
                    + planned.get("heap_tile_bytes").asLong();
            for (JsonNode buffer : planned.get("buffers")) {
                bytes += buffer.get("bytes").asLong();
            }
            assertThat(planned.get("total_bytes").asLong()).isEqualTo(bytes).isEqualTo(plan.totalBytes());
        }
    }

    @Test
    void lessIsPlannedTheMoreIsRecomputed() {
        List<Long> totals =
                INSPECTION.plans().values().stream().map(MemoryPlan::totalBytes).toList();
        assertThat(totals.get(0)).isGreaterThan(totals.get(1));
        assertThat(totals.get(1)).isGreaterThan(totals.get(2));
    }
}
