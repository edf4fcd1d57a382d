package io.densespark.spark.benchmark;

import io.densespark.spark.JobException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
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
import org.knowm.xchart.XYSeries;
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
        System.setProperty("java.awt.headless", "true");
        try (OutputStream out = Files.newOutputStream(file)) {
            BitmapEncoder.saveBitmap(chart(rows, title), out, BitmapFormat.PNG);
        } catch (LinkageError | InternalError | RuntimeException e) {
            // Depending on what is missing, Java fails with any of these on its way to the fonts.
            Files.deleteIfExists(file);
            throw new JobException(
                    "the plot can't be drawn, because Java finds no fonts here (" + e
                            + "): install them (on Debian the "
                            + "packages fontconfig, libfreetype6 and fonts-dejavu-core), or leave --output out",
                    e);
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
        style.setChartBackgroundColor(Color.WHITE);
        style.setLegendBorderColor(Color.LIGHT_GRAY);
        style.setPlotBorderColor(Color.GRAY);
        style.setPlotGridLinesColor(new Color(225, 225, 225));
        style.setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
        style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        style.setYAxisMin(0.0);
        style.setXAxisMin(0.0);
        style.setMarkerSize(8);
        // Colours that people with any colour vision tell apart (Okabe and Ito).
        add(
                chart,
                rows,
                "naive (concatenation, autograd)",
                MemoryRow::naive,
                new Color(213, 94, 0),
                SeriesMarkers.CIRCLE);
        add(chart, rows, "DenseSpark none", MemoryRow::none, new Color(230, 159, 0), SeriesMarkers.SQUARE);
        add(
                chart,
                rows,
                "DenseSpark activations",
                MemoryRow::activations,
                new Color(0, 114, 178),
                SeriesMarkers.DIAMOND);
        add(
                chart,
                rows,
                "DenseSpark bottleneck",
                MemoryRow::bottleneck,
                new Color(0, 158, 115),
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
        XYSeries series = chart.addSeries(name, depths, gigabytes);
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(2.5f));
        series.setMarkerColor(color);
        series.setMarker(marker);
    }
}
