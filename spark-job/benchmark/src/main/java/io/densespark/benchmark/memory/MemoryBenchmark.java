package io.densespark.benchmark.memory;

import io.densespark.benchmark.Json;
import io.densespark.benchmark.report.Numbers;
import io.densespark.benchmark.report.Plots;
import io.densespark.benchmark.report.ResultFile;
import io.densespark.benchmark.report.TextTable;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.spark.JobException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The claim of arXiv 1707.06990, from quadratic to linear: bytes of feature maps against the depth of a DenseNet-BC. It
 * plans and runs nothing.
 *
 * @param depths of the networks, each 6n + 4
 * @param growthRate channels that each layer adds
 * @param imageSize side of the images, of three channels
 * @param batch images in a step
 * @param output file for the plot, a PNG
 * @param json file for the rows
 */
public record MemoryBenchmark(
        List<Integer> depths, int growthRate, int imageSize, int batch, String output, Optional<String> json) {
    private static final int CHANNELS = 3;
    private static final int CLASSES = 10;

    /** @throws JobException naming the setting that is out of range */
    public MemoryBenchmark {
        depths = depths.stream().sorted().distinct().toList();
        if (depths.isEmpty()) {
            throw new JobException("setting depths is empty: name one or more, as 40,100,160,250");
        }
    }

    /**
     * Prints the table, then writes the files.
     *
     * @param conf for the files' file systems
     * @throws io.densespark.model.ModelException if there is no such network, or it can't take such images
     * @throws JobException before any work, if the files can't be written; later, if the plot can't be drawn: the table and
     *     the JSON file are there then
     */
    public void run(Configuration conf, PrintStream out) {
        ResultFile plot = ResultFile.at(output, "output", conf);
        Optional<ResultFile> jsonFile = json.map(place -> ResultFile.at(place, "json", conf));
        List<MemoryRow> rows = rows();
        out.printf(
                Locale.ROOT,
                "Feature maps of a DenseNet-BC (growth rate %d), %d images of %dx%d, in MB (10^6 bytes)%n",
                growthRate,
                batch,
                imageSize,
                imageSize);
        out.print(table(rows));
        jsonFile.ifPresent(file -> file.write(Json.file(rows)));
        plot.write(Plots.png(() -> MemoryPlot.of(rows, title()), "--output"));
        out.println("plot in " + plot);
    }

    List<MemoryRow> rows() {
        List<MemoryRow> rows = new ArrayList<>();
        ImageShape image = new ImageShape(imageSize, imageSize);
        for (int depth : depths) {
            rows.add(MemoryRow.of(depth, DenseNetSpec.bc(depth, growthRate, CHANNELS, CLASSES), image, batch));
        }
        return rows;
    }

    private String title() {
        return String.format(
                Locale.ROOT,
                "Feature maps of DenseNet-BC, growth rate %d, %d images of %d×%d",
                growthRate,
                batch,
                imageSize,
                imageSize);
    }

    private static String table(List<MemoryRow> rows) {
        TextTable table = new TextTable().numbers("depth", "parameters", "naive", "none", "activations", "bottleneck");
        rows.forEach(row -> table.row(
                row.depth(),
                Numbers.grouped(row.parameters()),
                Numbers.megabytes(row.naive()),
                Numbers.megabytes(row.none()),
                Numbers.megabytes(row.activations()),
                Numbers.megabytes(row.bottleneck())));
        return table.toString();
    }
}
