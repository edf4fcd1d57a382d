package io.densespark.benchmark.memory;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.benchmark.report.OutputFiles;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The claim of arXiv 1707.06990, from quadratic to linear: bytes of feature maps against the depth of a DenseNet-BC. It
 * plans and runs nothing.
 *
 * @param depths of the networks, each 6n + 4
 * @param growthRate channels that each layer adds
 * @param imageSize side of the images, of three channels
 * @param batch images in a step
 * @param output where the plot goes
 * @param json where the rows go as a file
 */
public record MemoryBenchmark(
        List<Integer> depths, int growthRate, int imageSize, int batch, Path output, Optional<Path> json) {
    private static final int CHANNELS = 3;
    private static final int CLASSES = 10;

    /** @throws JobException naming the setting that is out of range */
    public MemoryBenchmark {
        depths = depths.stream().sorted().distinct().toList();
        if (depths.isEmpty()) {
            throw new JobException("setting depths is empty: name one or more, as 40,100,160,250");
        }
        OutputFiles.requireWritable("output", output);
        json.ifPresent(file -> OutputFiles.requireWritable("json", file));
    }

    /**
     * Prints the table, then writes the files.
     *
     * @throws io.densespark.model.ModelException if there is no such network, or it can't take such images
     * @throws JobException if the plot can't be drawn; the table and the JSON file are there then
     */
    public void run(PrintStream out) throws IOException {
        List<MemoryRow> rows = rows();
        out.printf(
                Locale.ROOT,
                "Feature maps of a DenseNet-BC (growth rate %d), %d images of %dx%d, in MB (10^6 bytes)%n",
                growthRate,
                batch,
                imageSize,
                imageSize);
        out.print(table(rows));
        if (json.isPresent()) {
            String text = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(rows);
            Files.writeString(json.get(), text + "\n");
        }
        MemoryPlot.write(rows, title(), output);
        out.println("plot in " + output);
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
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%6s %12s %10s %10s %12s %12s%n",
                "depth",
                "parameters",
                "naive",
                "none",
                "activations",
                "bottleneck"));
        for (MemoryRow row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "%6d %,12d %10.1f %10.1f %12.1f %12.1f%n",
                    row.depth(),
                    row.parameters(),
                    row.naive() / 1e6,
                    row.none() / 1e6,
                    row.activations() / 1e6,
                    row.bottleneck() / 1e6));
        }
        return table.toString();
    }
}
