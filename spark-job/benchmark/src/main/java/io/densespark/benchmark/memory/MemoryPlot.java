package io.densespark.benchmark.memory;

import io.densespark.benchmark.report.Plots;
import java.util.List;
import java.util.function.ToLongFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bytes of feature maps against depth as a plot; both axes linear, so that a parabola is seen beside straight lines. */
final class MemoryPlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 600;

    private MemoryPlot() {}

    static XYChart of(List<MemoryRow> rows, String title) {
        XYChart chart = Plots.xy(title, "depth (layers)", "feature maps (GB, 10⁹ bytes)", WIDTH, HEIGHT);
        chart.getStyler().setLegendPosition(LegendPosition.InsideNW);
        Plots.fromZero(chart.getStyler());
        add(chart, rows, "DenseSpark activations", MemoryRow::activations, 0);
        add(chart, rows, "DenseSpark none", MemoryRow::none, 1);
        add(chart, rows, "DenseSpark bottleneck", MemoryRow::bottleneck, 2);
        add(chart, rows, "naive (concatenation, autograd)", MemoryRow::naive, 3);
        return chart;
    }

    private static void add(
            XYChart chart, List<MemoryRow> rows, String name, ToLongFunction<MemoryRow> bytes, int look) {
        double[] depths = rows.stream().mapToDouble(MemoryRow::depth).toArray();
        double[] gigabytes =
                rows.stream().mapToDouble(row -> bytes.applyAsLong(row) / 1e9).toArray();
        Plots.addLine(chart, name, depths, gigabytes, look);
    }
}
