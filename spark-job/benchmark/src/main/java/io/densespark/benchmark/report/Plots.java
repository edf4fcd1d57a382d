package io.densespark.benchmark.report;

import io.densespark.spark.JobException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.BoxChartBuilder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** XChart's plots with the look that all share, and the forms in which they are written. */
public final class Plots {
    /** Colours that people with any colour vision tell apart (Okabe and Ito). */
    private static final List<Color> COLOURS = List.of(
            new Color(0, 114, 178),
            new Color(230, 159, 0),
            new Color(0, 158, 115),
            new Color(213, 94, 0),
            new Color(86, 180, 233),
            new Color(204, 121, 167),
            new Color(120, 120, 120));

    private static final List<Marker> MARKERS = List.of(
            SeriesMarkers.CIRCLE,
            SeriesMarkers.SQUARE,
            SeriesMarkers.DIAMOND,
            SeriesMarkers.TRIANGLE_UP,
            SeriesMarkers.TRIANGLE_DOWN,
            SeriesMarkers.PLUS,
            SeriesMarkers.CROSS);

    private static final float LINE = 2.5f;

    static {
        // Java draws where there is no screen, too, if it is told before it first looks for one.
        System.setProperty("java.awt.headless", "true");
    }

    private Plots() {}

    /** An empty plot of lines; its size is in pixels. */
    public static XYChart xy(String title, String xAxis, String yAxis, int width, int height) {
        XYChart chart = new XYChart(width, height);
        label(chart, title, xAxis, yAxis);
        style(chart.getStyler());
        return chart;
    }

    /** An empty plot of bars. */
    public static CategoryChart category(String title, String xAxis, String yAxis, int width, int height) {
        CategoryChart chart = new CategoryChart(width, height);
        label(chart, title, xAxis, yAxis);
        style(chart.getStyler());
        return chart;
    }

    /** An empty plot of boxes with whiskers. */
    public static BoxChart box(String title, String xAxis, String yAxis, int width, int height) {
        BoxChart chart = new BoxChartBuilder().width(width).height(height).build();
        label(chart, title, xAxis, yAxis);
        style(chart.getStyler());
        return chart;
    }

    private static void label(Chart<?, ?> chart, String title, String xAxis, String yAxis) {
        chart.setTitle(title);
        chart.setXAxisTitle(xAxis);
        chart.setYAxisTitle(yAxis);
    }

    private static void style(AxesChartStyler style) {
        style.setChartBackgroundColor(Color.WHITE);
        style.setLegendBorderColor(Color.LIGHT_GRAY);
        style.setPlotBorderColor(Color.GRAY);
        style.setPlotGridLinesColor(new Color(225, 225, 225));
        style.setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
        style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        style.setMarkerSize(8);
    }

    /** Lets both axes begin at zero. */
    public static void fromZero(AxesChartStyler style) {
        style.setXAxisMin(0.0);
        style.setYAxisMin(0.0);
    }

    /** One of the shared colours; behind the last follows the first. */
    public static Color colour(int look) {
        return COLOURS.get(look % COLOURS.size());
    }

    /**
     * Adds a line with a marker at each point.
     *
     * @param look number of its colour and its marker
     */
    public static void addLine(XYChart chart, String name, double[] x, double[] y, int look) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineColor(colour(look));
        series.setLineStyle(new BasicStroke(LINE));
        series.setMarkerColor(colour(look));
        series.setMarker(MARKERS.get(look % MARKERS.size()));
    }

    /**
     * The plot as a PNG file.
     *
     * @param chart makes it
     * @param option that asked for it, for messages
     * @throws JobException if Java can't draw text on this machine
     */
    public static byte[] png(Supplier<? extends Chart<?, ?>> chart, String option) {
        return drawn(
                () -> {
                    try {
                        return BitmapEncoder.getBitmapBytes(chart.get(), BitmapFormat.PNG);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                option);
    }

    /**
     * Draws a small plot, to be called before long work whose result are plots.
     *
     * @param option that asks for the plots, for messages
     * @throws JobException if Java can't draw text on this machine
     */
    public static void requireFonts(String option) {
        drawn(
                () -> {
                    XYChart chart = xy("fonts", "x", "y", 200, 200);
                    addLine(chart, "line", new double[] {0, 1}, new double[] {0, 1}, 0);
                    return SvgDocument.of(chart);
                },
                option);
    }

    private static <T> T drawn(Supplier<T> drawing, String option) {
        try {
            return drawing.get();
        } catch (LinkageError | InternalError | RuntimeException e) {
            // Depending on what is missing, Java fails with any of these on its way to the fonts.
            throw new JobException(
                    "the plot can't be drawn, because Java finds no fonts here (" + e
                            + "): install them (on Debian the packages fontconfig, libfreetype6 and fonts-dejavu-core), or leave "
                            + option + " out",
                    e);
        }
    }
}
