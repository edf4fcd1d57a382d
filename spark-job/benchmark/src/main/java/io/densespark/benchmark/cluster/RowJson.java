package io.densespark.benchmark.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.densespark.benchmark.cluster.RankReport.Measured;
import java.util.List;
import java.util.Locale;

/**
 * The rows as the text of a JSON file: an array with an object a row. Times are seconds, sizes bytes, bandwidths bytes a
 * second; {@code …_share} are shares of the mean step, and the seconds of a phase are means.
 */
final class RowJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RowJson() {}

    static String of(ClusterBenchmarkSettings settings, List<ClusterRow> rows) {
        ArrayNode array = JSON.createArrayNode();
        rows.forEach(row -> put(settings, row, array.addObject()));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(array) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void put(ClusterBenchmarkSettings settings, ClusterRow row, ObjectNode node) {
        Measured first = row.ranks().get(0);
        node.put("replicas", row.replicas())
                .put("scaling", settings.scaling().name().toLowerCase(Locale.ROOT))
                .put("preset", settings.preset())
                .put("image_size", settings.imageSize())
                .put("global_batch", row.globalBatch())
                .put("recompute", first.recompute())
                .put("device", first.device())
                .put("workers", first.workers())
                .put("images_per_second", row.imagesPerSecond())
                .put("efficiency", row.efficiency())
                .put("step_seconds_min", row.step().min())
                .put("step_seconds_p25", row.step().p25())
                .put("step_seconds_median", row.step().median())
                .put("step_seconds_p75", row.step().p75())
                .put("step_seconds_max", row.step().max())
                .put("step_seconds_mean", row.meanStep());
        for (Phase phase : Phase.values()) {
            node.put(phase.key() + "_share", row.share(phase));
        }
        for (Phase phase : Phase.values()) {
            node.put(phase.key() + "_seconds", row.seconds(phase));
        }
        node.put("all_reduce_seconds_without_waiting", row.leastAllReduce())
                .put("planned_bytes", row.plannedBytes())
                .put("peak_bytes", row.peakBytes());
        row.slowest()
                .ifPresentOrElse(
                        slowest -> put(slowest, node.putObject("slowest_rank")).put("slower_by", row.slowerBy()),
                        () -> node.putNull("slowest_rank"));
        ArrayNode ranks = node.putArray("ranks");
        row.ranks().forEach(rank -> put(rank, ranks.addObject()));
        ArrayNode sweep = node.putArray("all_reduce");
        row.sweep().forEach(point -> sweep.addObject()
                .put("bytes", point.bytes())
                .put("seconds", point.seconds())
                .put("algorithm_bandwidth", point.algorithmBandwidth())
                .put("bus_bandwidth", point.busBandwidth(row.replicas())));
    }

    private static ObjectNode put(Measured rank, ObjectNode node) {
        return node.put("rank", rank.rank())
                .put("executor", rank.executor())
                .put("host", rank.host().name())
                .put("device", rank.device())
                .put("own_seconds_median", rank.own().median())
                .put("peak_bytes", rank.peakBytes());
    }
}
