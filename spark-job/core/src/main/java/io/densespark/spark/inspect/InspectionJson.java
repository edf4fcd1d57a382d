package io.densespark.spark.inspect;

import io.densespark.model.network.ImageShape;
import io.densespark.model.network.NetworkSummary;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.PlannedBuffer;
import io.densespark.spark.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An inspection as JSON for programs.
 *
 * @param imageSize rows and columns
 * @param device {@code cpu} or {@code cuda}
 * @param precision {@code fp32}, {@code tf32} or {@code bf16}
 * @param multiplyAdds of one image
 * @param plans by recompute level
 */
public record InspectionJson(
        String network,
        List<Integer> imageSize,
        int batch,
        String device,
        int workers,
        String precision,
        long parameters,
        long multiplyAdds,
        List<Layer> layers,
        Map<String, Plan> plans) {
    /** @param output batch, channels, rows, columns */
    record Layer(String name, String kind, List<Integer> output, long parameters, long multiplyAdds) {
        static Layer of(NetworkSummary.Layer layer, int batch) {
            ImageShape shape = layer.shape();
            return new Layer(
                    layer.name(),
                    layer.kind().toString(),
                    List.of(batch, layer.channels(), shape.height(), shape.width()),
                    layer.parameters(),
                    layer.multiplyAdds());
        }
    }

    /** A replica's memory; the total is that of the buffers, the heap tile and the library's allowance. */
    record Plan(long totalBytes, long libraryAllowanceBytes, long heapTileBytes, List<Buffer> buffers) {
        static Plan of(MemoryPlan plan) {
            return new Plan(
                    plan.totalBytes(),
                    plan.libraryAllowance(),
                    plan.heapTiles(),
                    plan.buffers().stream().map(Buffer::of).toList());
        }
    }

    /** @param bytes of all copies */
    record Buffer(String name, int copies, List<Long> shape, long bytes) {
        static Buffer of(PlannedBuffer buffer) {
            return new Buffer(buffer.name(), buffer.copies(), buffer.shape(), buffer.bytes());
        }
    }

    /** The JSON text, on several lines. */
    public static String of(Inspection inspection) {
        Map<String, Plan> plans = new LinkedHashMap<>();
        inspection.plans().forEach((level, plan) -> plans.put(level.toString(), Plan.of(plan)));
        return Json.lines(new InspectionJson(
                inspection.name(),
                List.of(inspection.image().height(), inspection.image().width()),
                inspection.batch(),
                inspection.device().kind().toString(),
                inspection.workers(),
                inspection.precision().toString(),
                inspection.summary().parameters(),
                inspection.summary().multiplyAdds(),
                inspection.summary().layers().stream()
                        .map(layer -> Layer.of(layer, inspection.batch()))
                        .toList(),
                plans));
    }
}
