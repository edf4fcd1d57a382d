package io.densespark.benchmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.benchmark.Json;
import io.densespark.benchmark.cluster.ClusterBenchmarkSettings.Scaling;
import io.densespark.benchmark.report.Plots;
import io.densespark.model.network.Preset;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Precision;
import java.awt.Color;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What becomes of the rows: a page, JSON and tables. */
class ReportPageTest {
    private static final ClusterBenchmarkSettings SETTINGS = new ClusterBenchmarkSettings(
            "densenet-bc-40-12",
            Preset.of("densenet-bc-40-12").spec(),
            32,
            List.of(1, 2),
            Scaling.WEAK,
            8,
            List.of(RecomputeLevel.ACTIVATIONS),
            Precision.TF32,
            2,
            1,
            1,
            1);
    private static final RunFacts FACTS = new RunFacts(
            "densespark benchmark cluster --report '<script>alert(1)</script>'",
            "2026-01-01 00:00 UTC",
            Map.of("Spark", "3.5.5"),
            Map.of("spark.master", "spark://a&b:7077"));

    private static final Pattern IMAGE =
            Pattern.compile("<img src=\"data:image/svg\\+xml;base64,([^\"]+)\" alt=\"([^\"]+)\">");
    private static final String[] KEYS = {
        "replicas",
        "scaling",
        "network",
        "image_size",
        "global_batch",
        "recompute",
        "device",
        "workers",
        "images_per_second",
        "efficiency",
        "step_seconds_min",
        "step_seconds_p25",
        "step_seconds_median",
        "step_seconds_p75",
        "step_seconds_max",
        "step_seconds_mean",
        "forward_share",
        "recompute_share",
        "backward_share",
        "all_reduce_share",
        "optimizer_share",
        "data_wait_share",
        "other_share",
        "forward_seconds",
        "recompute_seconds",
        "backward_seconds",
        "all_reduce_seconds",
        "optimizer_seconds",
        "data_wait_seconds",
        "other_seconds",
        "all_reduce_seconds_without_waiting",
        "planned_bytes",
        "peak_bytes",
        "checkpoint_cost",
        "slowest_rank",
        "ranks",
        "all_reduce"
    };

    private final ClusterRow first = ClusterRow.of(8, List.of(Ranks.alone(0.5, 0.5)), Optional.empty());
    private final ClusterRow second =
            ClusterRow.of(16, List.of(Ranks.rank(0, 30, 0.8, 0.8), Ranks.rank(1, 70, 0.9, 0.9)), Optional.of(first));

    /** Every plot is a document of its own: it is parsed as one. */
    private static Map<String, Document> plots(String page) throws Exception {
        Map<String, Document> plots = new LinkedHashMap<>();
        for (MatchResult image : IMAGE.matcher(page).results().toList()) {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            byte[] svg = Base64.getDecoder().decode(image.group(1));
            plots.put(image.group(2), factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg)));
        }
        return plots;
    }

    /** How many shapes, or groups of them, are drawn or filled in a colour. */
    private static int shapes(Document svg, Color colour) {
        NodeList all = svg.getElementsByTagNameNS("http://www.w3.org/2000/svg", "*");
        String rgb = ":rgb(" + colour.getRed() + "," + colour.getGreen() + "," + colour.getBlue() + ")";
        int shapes = 0;
        for (int i = 0; i < all.getLength(); i++) {
            if (((Element) all.item(i)).getAttribute("style").contains(rgb)) {
                shapes++;
            }
        }
        return shapes;
    }

    @Test
    void thePageHoldsItsPlotsAndNothingIsLoadedFromElsewhere() throws Exception {
        String page = ReportPage.of(SETTINGS, List.of(first, second), FACTS);

        assertThat(page).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        Map<String, Document> plots = plots(page);
        assertThat(plots.keySet())
                .containsExactly(
                        "Images per second",
                        "Scaling efficiency",
                        "Where the time of a step goes",
                        "All-reduce",
                        "A step of each of 2 ranks, without the all-reduce");
        plots.values().forEach(svg -> {
            assertThat(svg.getDocumentElement().getLocalName()).isEqualTo("svg");
            assertThat(svg.getDocumentElement().getAttribute("viewBox")).isEqualTo("0 0 760 420");
        });
        assertThat(IMAGE.matcher(page).replaceAll("")).doesNotContain("src=", "<link", "@import");
    }

    @Test
    void aPlotHasTheColourOfEachOfItsSeries() throws Exception {
        Map<String, Document> plots = plots(ReportPage.of(SETTINGS, List.of(first, second), FACTS));

        Document throughput = plots.get("Images per second");
        assertThat(shapes(throughput, Plots.colour(0))).isPositive();
        assertThat(shapes(throughput, Plots.colour(6))).isPositive();
        assertThat(shapes(throughput, Plots.colour(1))).isZero();
        Document shares = plots.get("Where the time of a step goes");
        for (int look = 0; look < Phase.values().length; look++) {
            assertThat(shapes(shares, Plots.colour(look))).as("phase %d", look).isPositive();
        }
    }

    @Test
    void thePageTellsTheFiguresTheMachinesAndTheCommandAndEscapesThem() {
        String page = ReportPage.of(SETTINGS, List.of(first, second), FACTS);

        assertThat(page)
                .contains("2 replicas: 16.0 images/s, 1.00 times the 16.0 images/s of 1 replica; efficiency 0.50")
                .contains("The all-reduce takes 15.0% of a step")
                .contains("rank 1 (executor 11 on node&lt;1&gt;), 12.5% above the other")
                .contains("With 2 replicas, a checkpoint of 5.0 MB every 1 steps: 1.2500 of the time without")
                .contains("<td>Some &amp; CPU</td>")
                .contains("<td>16.0</td>")
                .contains("spark://a&amp;b:7077")
                .contains("3.5.5")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script");
    }

    @Test
    void aReplicaAloneHasAPageWithoutAllReduces() throws Exception {
        String page = ReportPage.of(SETTINGS, List.of(first), FACTS);

        assertThat(page).contains("1 replica: 16.0 images/s.").doesNotContain("All-reduce by size");
        assertThat(plots(page)).hasSize(4);
    }

    @Test
    void theJsonHasARowForEachNumberOfReplicas() throws Exception {
        JsonNode rows =
                Json.tree(Json.file(List.of(ClusterResult.of(SETTINGS, first), ClusterResult.of(SETTINGS, second))));

        assertThat(rows).hasSize(2);
        JsonNode row = rows.get(1);
        assertThat(row.fieldNames()).toIterable().containsExactly(KEYS);
        assertThat(row.get("replicas").asInt()).isEqualTo(2);
        assertThat(row.get("scaling").asText()).isEqualTo("weak");
        assertThat(row.get("global_batch").asInt()).isEqualTo(16);
        assertThat(row.get("images_per_second").asDouble()).isEqualTo(second.imagesPerSecond());
        assertThat(row.get("efficiency").asDouble()).isEqualTo(second.efficiency());
        for (Phase phase : Phase.values()) {
            assertThat(row.get(phase.key() + "_share").asDouble()).isEqualTo(second.share(phase));
            assertThat(row.get(phase.key() + "_seconds").asDouble()).isEqualTo(second.seconds(phase));
        }
        assertThat(row.get("peak_bytes").asLong()).isEqualTo(70);
        assertThat(row.get("planned_bytes").asLong()).isEqualTo(1_000_000);
        JsonNode cost = row.get("checkpoint_cost");
        assertThat(cost.get("every_steps").asInt()).isEqualTo(1);
        assertThat(cost.get("bytes").asLong()).isEqualTo(5_000_000);
        assertThat(cost.get("ratios")).hasSize(2);
        JsonNode slowest = row.get("slowest_rank");
        assertThat(slowest.fieldNames())
                .toIterable()
                .containsExactly("rank", "executor", "host", "device", "own_seconds_median", "peak_bytes", "slower_by");
        assertThat(slowest.get("rank").asInt()).isEqualTo(1);
        assertThat(slowest.get("executor").asText()).isEqualTo("11");
        assertThat(slowest.get("host").asText()).isEqualTo("node<1>");
        assertThat(slowest.get("slower_by").asDouble()).isEqualTo(second.slowerBy());
        assertThat(row.get("ranks")).hasSize(2);
        assertThat(row.get("all_reduce").get(1).get("bus_bandwidth").asDouble()).isEqualTo((1 << 20) / 1e-3);
        assertThat(rows.get(0).get("slowest_rank").isNull()).isTrue();
        assertThat(rows.get(0).get("all_reduce")).isEmpty();
    }

    @Test
    void theTablesNameTheSlowestRankAndTheSizes() {
        assertThat(ClusterTable.of(List.of(first, second)))
                .contains("rank 1 (executor 11 on node<1>), 12.5% above the other")
                .contains("All-reduces of 2 replicas")
                .containsPattern("1 KiB +0\\.100 +0\\.010 +0\\.010")
                .containsPattern("1 MiB +1\\.000 +1\\.049 +1\\.049");
    }
}
