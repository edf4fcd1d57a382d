package io.densespark.spark.evaluate;

import java.util.Locale;

/** An evaluation's report for people. */
public final class ReportTable {
    /** More classes fill screens. */
    private static final int MOST_CLASSES = 20;

    private static final int LONGEST_NAME = 24;

    private ReportTable() {}

    /** What there is beside accuracy and loss: a few lines, and tables of the classes if there are 20 at most. */
    public static String of(EvaluationReport report) {
        StringBuilder text = new StringBuilder();
        report.top5Accuracy().ifPresent(top -> line(text, "top-5 accuracy %.2f%%", 100 * top));
        line(
                text,
                "macro F1 %.4f, macro AUROC %.4f (± %.4f), expected calibration error %.4f",
                report.macroF1(),
                report.macroAuroc(),
                report.macroAurocError(),
                report.expectedCalibrationError());
        if (report.classes().size() <= MOST_CLASSES) {
            appendClasses(text, report);
            appendConfusion(text, report);
        }
        return text.toString();
    }

    private static void appendClasses(StringBuilder text, EvaluationReport report) {
        int width = width(report);
        line(text, "%-" + width + "s  images  precision  recall      F1   AUROC", "class");
        for (ClassFigures each : report.classes()) {
            line(
                    text,
                    "%-" + width + "s  %6d  %9s  %6s  %6s  %6s",
                    name(each),
                    each.images(),
                    figure(each.precision()),
                    figure(each.recall()),
                    figure(each.f1()),
                    figure(each.auroc()));
        }
    }

    private static void appendConfusion(StringBuilder text, EvaluationReport report) {
        int width = width(report);
        ConfusionMatrix confusion = report.confusion();
        StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%-" + width + "s", "confusion"));
        for (int c = 0; c < confusion.classes(); c++) {
            head.append(String.format(Locale.ROOT, " %6d", c));
        }
        line(text, "%s  (rows: classes; columns: predicted, by number)", head);
        for (int label = 0; label < confusion.classes(); label++) {
            StringBuilder row = new StringBuilder(String.format(
                    Locale.ROOT, "%-" + width + "s", name(report.classes().get(label))));
            for (int c = 0; c < confusion.classes(); c++) {
                row.append(String.format(Locale.ROOT, " %6d", confusion.count(label, c)));
            }
            line(text, "%s", row);
        }
    }

    private static int width(EvaluationReport report) {
        return Math.max(
                "confusion".length(),
                report.classes().stream()
                        .mapToInt(each -> name(each).length())
                        .max()
                        .orElse(0));
    }

    private static String name(ClassFigures figures) {
        String name = figures.name();
        return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME - 1) + "…" : name;
    }

    private static String figure(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
