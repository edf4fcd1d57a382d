package io.densespark.spark.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.densespark.model.network.NetworkSummary.Layer;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.PlannedBuffer;

/**
 * An inspection as JSON for programs: {@code network}, {@code image_size} [H, W], {@code batch}, {@code workers}, {@code
 * parameters}, {@code multiply_adds} (of one image), {@code layers} (name, kind, output [N, C, H, W], parameters,
 * multiply_adds) and {@code plans} by level (total_bytes, library_allowance_bytes, buffers with name, copies, shape,
 * bytes).
 */
public final class InspectionJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private InspectionJson() {}

    public static String of(Inspection inspection) {
        ObjectNode root = JSON.createObjectNode();
        root.put("network", inspection.name());
        root.putArray("image_size")
                .add(inspection.image().height())
                .add(inspection.image().width());
        root.put("batch", inspection.batch());
        root.put("workers", inspection.workers());
        root.put("parameters", inspection.summary().parameters());
        root.put("multiply_adds", inspection.summary().multiplyAdds());
        ArrayNode layers = root.putArray("layers");
        inspection.summary().layers().forEach(layer -> add(layers.addObject(), layer, inspection.batch()));
        ObjectNode plans = root.putObject("plans");
        inspection.plans().forEach((level, plan) -> add(plans.putObject(level.toString()), plan));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(ObjectNode node, Layer layer, int batch) {
        node.put("name", layer.name());
        node.put("kind", layer.kind().toString());
        node.putArray("output")
                .add(batch)
                .add(layer.channels())
                .add(layer.shape().height())
                .add(layer.shape().width());
        node.put("parameters", layer.parameters());
        node.put("multiply_adds", layer.multiplyAdds());
    }

    private static void add(ObjectNode node, MemoryPlan plan) {
        node.put("total_bytes", plan.totalBytes());
        node.put("library_allowance_bytes", plan.libraryAllowance());
        node.put("heap_tile_bytes", plan.heapTiles());
        ArrayNode buffers = node.putArray("buffers");
        for (PlannedBuffer buffer : plan.buffers()) {
            ObjectNode line = buffers.addObject();
            line.put("name", buffer.name());
            line.put("copies", buffer.copies());
            buffer.shape().forEach(line.putArray("shape")::add);
            line.put("bytes", buffer.bytes());
        }
    }
}
