package io.densespark.benchmark.report;

import io.densespark.spark.JobException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.markers.Marker;

/** The look that all plots share. */
public final class PlotStyle {
    /** Colours that people with any colour vision tell apart (Okabe and Ito). */
    public static final List<Color> COLOURS = List.of(
            new Color(0, 114, 178),
            new Color(230, 159, 0),
            new Color(0, 158, 115),
            new Color(213, 94, 0),
            new Color(86, 180, 233),
            new Color(204, 121, 167),
            new Color(120, 120, 120));

    private static final float LINE = 2.5f;

    private PlotStyle() {}

    /** Lets Java draw where there is no screen; before the first plot. */
    public static void withoutScreen() {
        System.setProperty("java.awt.headless", "true");
    }

    public static void apply(AxesChartStyler style) {
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

    /** Adds a line with a marker at each point. */
    public static void add(XYChart chart, String name, double[] x, double[] y, Color color, Marker marker) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(LINE));
        series.setMarkerColor(color);
        series.setMarker(marker);
    }

    /**
     * What a plot can fail with that is not its own fault.
     *
     * @param cause depending on what is missing, Java fails with any unchecked exception or error on its way to the fonts
     * @param option that asked for the plot
     */
    public static JobException noFonts(Throwable cause, String option) {
        return new JobException(
                "the plot can't be drawn, because Java finds no fonts here (" + cause
                        + "): install them (on Debian the packages fontconfig, libfreetype6 and fonts-dejavu-core), or leave "
                        + option + " out",
                cause);
    }
}
