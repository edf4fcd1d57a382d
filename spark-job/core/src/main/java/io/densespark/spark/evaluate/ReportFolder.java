package io.densespark.spark.evaluate;

import io.densespark.data.files.Obstacle;
import io.densespark.data.files.StagedFile;
import io.densespark.data.files.StagedFile.Content;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * An evaluation's report as files. The CSV files are comma-separated, UTF-8, with a header and lines that end with a line
 * feed; a name with commas, quotes or line breaks is in quotes, a figure that there is none of is empty.
 *
 * <pre>
 * classes.csv      class,images,predicted,precision,recall,f1,auroc,auroc_error: a row for each class
 * confusion.csv    class,predicted,images: a row for each pair of classes that has images, by the classes' order
 * calibration.csv  from,to,images,confidence,accuracy: a row for each of 15 bins of confidence
 * confusion.png    see {@link ConfusionImage}
 * </pre>
 */
public final class ReportFolder {
    private ReportFolder() {}

    /**
     * Finds out before the work whether files can be written there; nothing is left.
     *
     * @throws JobException if they can't
     */
    public static void requireWritable(Path folder, Configuration conf) {
        try {
            StagedFile.requireWritable(folder, conf);
        } catch (IOException e) {
            throw new JobException(
                    "setting report " + folder + " can't be written (" + Obstacle.reason(e)
                            + "): give --report a folder that this user may write",
                    e);
        }
    }

    /** Writes the files, in place of those that are there. */
    public static void write(EvaluationReport report, Path folder, Configuration conf) throws IOException {
        write(new Path(folder, "classes.csv"), conf, classes(report).getBytes(StandardCharsets.UTF_8));
        write(new Path(folder, "confusion.csv"), conf, confusion(report).getBytes(StandardCharsets.UTF_8));
        write(new Path(folder, "calibration.csv"), conf, calibration(report).getBytes(StandardCharsets.UTF_8));
        write(new Path(folder, "confusion.png"), conf, ConfusionImage.png(report.confusion()));
    }

    private static void write(Path file, Configuration conf, byte[] content) throws IOException {
        StagedFile.write(file, conf, Content.of(content));
    }

    private static String classes(EvaluationReport report) {
        StringBuilder csv = new StringBuilder("class,images,predicted,precision,recall,f1,auroc,auroc_error\n");
        for (ClassFigures each : report.classes()) {
            csv.append(String.format(
                    Locale.ROOT,
                    "%s,%d,%d,%s,%s,%s,%s,%s\n",
                    text(each.name()),
                    each.images(),
                    each.predicted(),
                    figure(each.precision()),
                    figure(each.recall()),
                    figure(each.f1()),
                    figure(each.auroc()),
                    figure(each.aurocError())));
        }
        return csv.toString();
    }

    private static String confusion(EvaluationReport report) {
        StringBuilder csv = new StringBuilder("class,predicted,images\n");
        report.confusion()
                .cells()
                .forEach((cell, images) -> csv.append(String.format(
                        Locale.ROOT,
                        "%s,%s,%d\n",
                        text(report.classes().get(cell.label()).name()),
                        text(report.classes().get(cell.predicted()).name()),
                        images)));
        return csv.toString();
    }

    private static String calibration(EvaluationReport report) {
        StringBuilder csv = new StringBuilder("from,to,images,confidence,accuracy\n");
        for (Calibration.Bin bin : report.calibration().bins()) {
            csv.append(String.format(
                    Locale.ROOT,
                    "%.4f,%.4f,%d,%s,%s\n",
                    bin.from(),
                    bin.to(),
                    bin.images(),
                    figure(bin.confidence()),
                    figure(bin.accuracy())));
        }
        return csv.toString();
    }

    private static String figure(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6f", value);
    }

    private static String text(String name) {
        boolean isPlain = name.chars().noneMatch(each -> each == ',' || each == '"' || each == '\n' || each == '\r');
        return isPlain ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
