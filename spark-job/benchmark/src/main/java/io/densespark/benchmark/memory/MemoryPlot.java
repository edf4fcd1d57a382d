package io.densespark.benchmark.memory;

import io.densespark.benchmark.report.PlotStyle;
import io.densespark.spark.JobException;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Bytes of feature maps against depth as a PNG; both axes linear, so that a parabola is seen beside straight lines. */
final class MemoryPlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 600;

    private MemoryPlot() {}

    /** @throws JobException if Java can't draw text on this machine */
    static void write(List<MemoryRow> rows, String title, Path file) throws IOException {
        PlotStyle.withoutScreen();
        try (OutputStream out = Files.newOutputStream(file)) {
            BitmapEncoder.saveBitmap(chart(rows, title), out, BitmapFormat.PNG);
        } catch (LinkageError | InternalError | RuntimeException e) {
            Files.deleteIfExists(file);
            throw PlotStyle.noFonts(e, "--output");
        }
    }

    private static XYChart chart(List<MemoryRow> rows, String title) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("depth (layers)")
                .yAxisTitle("feature maps (GB, 10⁹ bytes)")
                .build();
        XYStyler style = chart.getStyler();
        style.setLegendPosition(LegendPosition.InsideNW);
        PlotStyle.apply(style);
        style.setYAxisMin(0.0);
        style.setXAxisMin(0.0);
        add(
                chart,
                rows,
                "naive (concatenation, autograd)",
                MemoryRow::naive,
                PlotStyle.COLOURS.get(3),
                SeriesMarkers.CIRCLE);
        add(chart, rows, "DenseSpark none", MemoryRow::none, PlotStyle.COLOURS.get(1), SeriesMarkers.SQUARE);
        add(
                chart,
                rows,
                "DenseSpark activations",
                MemoryRow::activations,
                PlotStyle.COLOURS.get(0),
                SeriesMarkers.DIAMOND);
        add(
                chart,
                rows,
                "DenseSpark bottleneck",
                MemoryRow::bottleneck,
                PlotStyle.COLOURS.get(2),
                SeriesMarkers.TRIANGLE_UP);
        return chart;
    }

    private static void add(
            XYChart chart,
            List<MemoryRow> rows,
            String name,
            ToLongFunction<MemoryRow> bytes,
            Color color,
            Marker marker) {
        double[] depths = rows.stream().mapToDouble(MemoryRow::depth).toArray();
        double[] gigabytes =
                rows.stream().mapToDouble(row -> bytes.applyAsLong(row) / 1e9).toArray();
        PlotStyle.add(chart, name, depths, gigabytes, color, marker);
    }
}
