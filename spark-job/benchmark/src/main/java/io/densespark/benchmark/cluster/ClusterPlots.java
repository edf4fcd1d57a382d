package io.densespark.benchmark.cluster;

import io.densespark.benchmark.report.Plots;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The report's plots, without what they are written as. */
final class ClusterPlots {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final String REPLICAS = "replicas";

    private ClusterPlots() {}

    /** Images a second against replicas, beside a line through the first row's. */
    static XYChart throughput(List<ClusterRow> rows) {
        XYChart chart = xy("Images per second", REPLICAS, "images/s");
        Plots.fromZero(chart.getStyler());
        chart.getStyler().setLegendPosition(LegendPosition.InsideNW);
        ClusterRow first = rows.get(0);
        Plots.addLine(chart, "measured", replicas(rows), values(rows, ClusterRow::imagesPerSecond), 0);
        Plots.addLine(
                chart,
                "without any loss",
                replicas(rows),
                values(rows, row -> first.imagesPerSecond() / first.replicas() * row.replicas()),
                6);
        return chart;
    }

    /** Efficiency against replicas. */
    static XYChart efficiency(List<ClusterRow> rows) {
        XYChart chart = xy("Scaling efficiency", REPLICAS, "efficiency");
        Plots.fromZero(chart.getStyler());
        chart.getStyler().setLegendVisible(false);
        double top = Arrays.stream(values(rows, ClusterRow::efficiency)).max().orElseThrow();
        chart.getStyler().setYAxisMax(1.1 * Math.max(1, top));
        Plots.addLine(chart, "efficiency", replicas(rows), values(rows, ClusterRow::efficiency), 0);
        return chart;
    }

    /** The phases' shares of a step, a bar for each number of replicas. */
    static CategoryChart shares(List<ClusterRow> rows) {
        CategoryChart chart = Plots.category("Where the time of a step goes", REPLICAS, "% of a step", WIDTH, HEIGHT);
        chart.getStyler().setStacked(true);
        chart.getStyler().setYAxisMax(100.0);
        chart.getStyler().setAvailableSpaceFill(0.5);
        List<String> names =
                rows.stream().map(row -> Integer.toString(row.replicas())).toList();
        Phase[] phases = Phase.values();
        for (int i = 0; i < phases.length; i++) {
            Phase phase = phases[i];
            List<Double> percent =
                    rows.stream().map(row -> 100 * row.share(phase)).toList();
            chart.addSeries(phase.label(), names, percent).setFillColor(Plots.colour(i));
        }
        return chart;
    }

    /** Bus bandwidth against the size of the message, a line for each number of replicas; both axes logarithmic. */
    static XYChart bandwidth(List<ClusterRow> rows) {
        XYChart chart = xy("All-reduce", "message (KiB)", "bus bandwidth (GB/s)");
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setLegendPosition(LegendPosition.InsideSE);
        for (int i = 0; i < rows.size(); i++) {
            ClusterRow row = rows.get(i);
            double[] sizes = row.sweep().stream()
                    .mapToDouble(point -> point.bytes() / 1024.0)
                    .toArray();
            double[] bandwidths = row.sweep().stream()
                    .mapToDouble(point -> point.busBandwidth(row.replicas()) / 1e9)
                    .toArray();
            Plots.addLine(chart, row.replicas() + " replicas", sizes, bandwidths, i);
        }
        return chart;
    }

    /** What a step of each rank takes without the all-reduce, as a box over the steps. */
    static BoxChart ranks(ClusterRow row) {
        BoxChart chart = Plots.box(
                "A step of each of " + row.replicas() + " ranks, without the all-reduce",
                "rank",
                "seconds",
                WIDTH,
                HEIGHT);
        for (MeasuredRank rank : row.ranks()) {
            double[] own = rank.steps().stream().mapToDouble(StepTimes::own).toArray();
            chart.addSeries(Integer.toString(rank.rank()), own);
        }
        return chart;
    }

    private static XYChart xy(String title, String x, String y) {
        return Plots.xy(title, x, y, WIDTH, HEIGHT);
    }

    private static double[] replicas(List<ClusterRow> rows) {
        return values(rows, ClusterRow::replicas);
    }

    private static double[] values(List<ClusterRow> rows, ToDoubleFunction<ClusterRow> value) {
        return rows.stream().mapToDouble(value).toArray();
    }
}
