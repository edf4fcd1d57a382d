package io.densespark.benchmark.report;

import io.densespark.benchmark.cluster.ClusterRow;
import io.densespark.benchmark.cluster.Phase;
import io.densespark.benchmark.cluster.RankReport.Measured;
import io.densespark.benchmark.cluster.StepTimes;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.BoxChartBuilder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The report's plots, each an {@code svg} element. */
final class Charts {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final String REPLICAS = "replicas";
    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE,
        SeriesMarkers.SQUARE,
        SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.TRIANGLE_DOWN,
        SeriesMarkers.PLUS,
        SeriesMarkers.CROSS
    };

    private Charts() {}

    /** @throws io.densespark.spark.JobException if Java can't draw text on this machine */
    static void requireFonts() {
        PlotStyle.withoutScreen();
        try {
            XYChart chart = xy("fonts", "x", "y");
            add(chart, "line", new double[] {0, 1}, new double[] {0, 1}, 0);
            SvgPlot.of(chart, "fonts");
        } catch (LinkageError | InternalError | RuntimeException e) {
            throw PlotStyle.noFonts(e, "--report");
        }
    }

    /** Images a second against replicas, beside a line through the first row's. */
    static String throughput(List<ClusterRow> rows) {
        XYChart chart = xy("Images per second", REPLICAS, "images/s");
        fromZero(chart.getStyler());
        chart.getStyler().setLegendPosition(LegendPosition.InsideNW);
        ClusterRow first = rows.get(0);
        add(chart, "measured", replicas(rows), values(rows, ClusterRow::imagesPerSecond), 0);
        add(
                chart,
                "without any loss",
                replicas(rows),
                values(rows, row -> first.imagesPerSecond() / first.replicas() * row.replicas()),
                6);
        return SvgPlot.of(chart, "throughput");
    }

    /** Efficiency against replicas. */
    static String efficiency(List<ClusterRow> rows) {
        XYChart chart = xy("Scaling efficiency", REPLICAS, "efficiency");
        fromZero(chart.getStyler());
        chart.getStyler().setLegendVisible(false);
        double top = Arrays.stream(values(rows, ClusterRow::efficiency)).max().orElseThrow();
        chart.getStyler().setYAxisMax(1.1 * Math.max(1, top));
        add(chart, "efficiency", replicas(rows), values(rows, ClusterRow::efficiency), 0);
        return SvgPlot.of(chart, "efficiency");
    }

    /** The phases' shares of a step, a bar for each number of replicas. */
    static String shares(List<ClusterRow> rows) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Where the time of a step goes")
                .xAxisTitle(REPLICAS)
                .yAxisTitle("% of a step")
                .build();
        PlotStyle.apply(chart.getStyler());
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
            chart.addSeries(phase.label(), names, percent).setFillColor(PlotStyle.COLOURS.get(i));
        }
        return SvgPlot.of(chart, "shares");
    }

    /** Bus bandwidth against the size of the message, a line for each number of replicas; both axes logarithmic. */
    static String bandwidth(List<ClusterRow> rows) {
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
            add(chart, row.replicas() + " replicas", sizes, bandwidths, i);
        }
        return SvgPlot.of(chart, "bandwidth");
    }

    /** What a step of each rank takes without the all-reduce, as a box over the steps. */
    static String ranks(ClusterRow row) {
        BoxChart chart = new BoxChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("A step of each of " + row.replicas() + " ranks, without the all-reduce")
                .xAxisTitle("rank")
                .yAxisTitle("seconds")
                .build();
        PlotStyle.apply(chart.getStyler());
        for (Measured rank : row.ranks()) {
            double[] own = rank.steps().stream().mapToDouble(StepTimes::own).toArray();
            chart.addSeries(Integer.toString(rank.rank()), own);
        }
        return SvgPlot.of(chart, "ranks");
    }

    private static XYChart xy(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        PlotStyle.apply(chart.getStyler());
        return chart;
    }

    private static void fromZero(AxesChartStyler style) {
        style.setXAxisMin(0.0);
        style.setYAxisMin(0.0);
    }

    private static void add(XYChart chart, String name, double[] x, double[] y, int look) {
        PlotStyle.add(
                chart,
                name,
                x,
                y,
                PlotStyle.COLOURS.get(look % PlotStyle.COLOURS.size()),
                MARKERS[look % MARKERS.length]);
    }

    private static double[] replicas(List<ClusterRow> rows) {
        return values(rows, ClusterRow::replicas);
    }

    private static double[] values(List<ClusterRow> rows, ToDoubleFunction<ClusterRow> value) {
        return rows.stream().mapToDouble(value).toArray();
    }
}
