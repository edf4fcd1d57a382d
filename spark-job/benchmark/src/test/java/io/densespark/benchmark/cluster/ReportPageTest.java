package io.densespark.benchmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.benchmark.cluster.ClusterBenchmarkSettings.Scaling;
import io.densespark.model.plan.RecomputeLevel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What becomes of the rows: a page, JSON and tables. */
class ReportPageTest {
    private static final ClusterBenchmarkSettings SETTINGS = new ClusterBenchmarkSettings(
            "densenet-bc-40-12", 32, List.of(1, 2), Scaling.WEAK, 8, List.of(RecomputeLevel.ACTIVATIONS), 2, 1);
    private static final RunFacts FACTS = new RunFacts(
            "densespark benchmark cluster --report '<script>alert(1)</script>'",
            "2026-01-01 00:00 UTC",
            Map.of("Spark", "3.5.5"),
            Map.of("spark.master", "spark://a&b:7077"));

    private final ClusterRow first = ClusterRow.of(8, List.of(Ranks.alone(0.5, 0.5)), Optional.empty());
    private final ClusterRow second =
            ClusterRow.of(16, List.of(Ranks.rank(0, 30, 0.8, 0.8), Ranks.rank(1, 70, 0.9, 0.9)), Optional.of(first));

    @Test
    void thePageHoldsItsPlotsAsSvgWithIdsOfTheirOwn() {
        String page = ReportPage.of(SETTINGS, List.of(first, second), FACTS);

        assertThat(page).startsWith("<!DOCTYPE html>").endsWith("</html>\n").doesNotContain("<?xml", "<!DOCTYPE svg");
        assertThat(Pattern.compile("<svg ").matcher(page).results()).hasSize(5);
        assertThat(Pattern.compile("</svg\\s*>").matcher(page).results()).hasSize(5);
        List<String> ids = Pattern.compile(" id=\"([^\"]*)\"")
                .matcher(page)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
        assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
        // Nothing is loaded from elsewhere.
        assertThat(page).doesNotContain("src=", "<link", "@import");
    }

    @Test
    void thePageTellsTheFiguresTheMachinesAndTheCommandAndEscapesThem() {
        String page = ReportPage.of(SETTINGS, List.of(first, second), FACTS);

        assertThat(page)
                .contains("2 replicas: 16.0 images/s, 1.00 times the 16.0 images/s of 1 replica; efficiency 0.50")
                .contains("The all-reduce takes 15.0% of a step")
                .contains("rank 1 (executor 11 on node&lt;1&gt;), 12.5% above the other")
                .contains("<td>Some &amp; CPU</td>")
                .contains("<td>16.0</td>")
                .contains("spark://a&amp;b:7077")
                .contains("3.5.5")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script");
    }

    @Test
    void aReplicaAloneHasAPageWithoutAllReduces() {
        String page = ReportPage.of(SETTINGS, List.of(first), FACTS);

        assertThat(page).contains("1 replica: 16.0 images/s.").doesNotContain("All-reduce by size");
        assertThat(Pattern.compile("<svg ").matcher(page).results()).hasSize(4);
    }

    @Test
    void theJsonHasARowForEachNumberOfReplicas() throws Exception {
        JsonNode rows = new ObjectMapper().readTree(RowJson.of(SETTINGS, List.of(first, second)));

        assertThat(rows).hasSize(2);
        JsonNode row = rows.get(1);
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
        JsonNode slowest = row.get("slowest_rank");
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
        assertThat(RowTable.of(List.of(first, second)))
                .contains("rank 1 (executor 11 on node<1>), 12.5% above the other")
                .contains("All-reduces of 2 replicas")
                .containsPattern("1 KiB +0\\.100 +0\\.010 +0\\.010")
                .containsPattern("1 MiB +1\\.000 +1\\.049 +1\\.049");
    }
}
