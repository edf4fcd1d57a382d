package io.densespark.spark.inspect;

import io.densespark.model.network.NetworkSummary;
import io.densespark.model.network.NetworkSummary.Layer;
import io.densespark.model.tensor.Device;
import java.util.Locale;

/** An inspection as tables for people. */
public final class InspectionTable {
    private static final String ROW = "%-46s %-14s %-22s %,12d %,16d%n";

    private InspectionTable() {}

    public static String of(Inspection inspection) {
        StringBuilder text = new StringBuilder();
        NetworkSummary summary = inspection.summary();
        text.append(String.format(
                "%-46s %-14s %-22s %12s %16s%n", "layer", "kind", "output", "parameters", "multiply-adds"));
        for (Layer layer : summary.layers()) {
            String shape = String.format(
                    Locale.ROOT,
                    "[%d, %d, %d, %d]",
                    inspection.batch(),
                    layer.channels(),
                    layer.shape().height(),
                    layer.shape().width());
            text.append(String.format(
                    Locale.ROOT, ROW, layer.name(), layer.kind(), shape, layer.parameters(), layer.multiplyAdds()));
        }
        text.append(String.format(Locale.ROOT, ROW, "total", "", "", summary.parameters(), summary.multiplyAdds()));
        text.append(String.format(
                Locale.ROOT,
                "%n%s, images of %s: %,d parameters, %.2f billion multiply-adds an image%n",
                inspection.name(),
                inspection.image(),
                summary.parameters(),
                summary.multiplyAdds() / 1e9));
        inspection
                .plans()
                .forEach((level, plan) -> text.append(String.format(
                        Locale.ROOT,
                        "%nMemory plan of a replica (%d images, recompute level %s, %s):%n%s",
                        inspection.batch(),
                        level,
                        inspection.device().kind() == Device.Kind.CPU ? inspection.workers() + " workers" : "on a GPU",
                        plan.describe())));
        return text.toString();
    }
}
