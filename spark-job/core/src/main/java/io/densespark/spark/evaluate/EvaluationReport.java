package io.densespark.spark.evaluate;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What an evaluation found. Means over classes leave out those without images. */
public final class EvaluationReport {
    private static final int TOP = 5;

    private final int images;
    private final int correct;
    private final int inTop;
    private final double lossSum;
    private final List<ClassFigures> classes;
    private final ConfusionMatrix confusion;
    private final Calibration calibration;

    EvaluationReport(
            int images,
            int correct,
            int inTop,
            double lossSum,
            List<ClassFigures> classes,
            ConfusionMatrix confusion,
            Calibration calibration) {
        this.images = images;
        this.correct = correct;
        this.inTop = inTop;
        this.lossSum = lossSum;
        this.classes = List.copyOf(classes);
        this.confusion = confusion;
        this.calibration = calibration;
    }

    public int images() {
        return images;
    }

    /** Share of the images whose largest output is their class's, 0 to 1. */
    public double accuracy() {
        return (double) correct / images;
    }

    /** Share of the images whose class is among the five largest outputs; empty if there are no more than five classes. */
    public OptionalDouble top5Accuracy() {
        return classes.size() > TOP ? OptionalDouble.of((double) inTop / images) : OptionalDouble.empty();
    }

    /** Mean cross-entropy of an image. */
    public double loss() {
        return lossSum / images;
    }

    /** Mean difference of confidence and accuracy, 0 to 1, in 15 bins of equal width. */
    public double expectedCalibrationError() {
        return calibration.error();
    }

    /** What it found for each class, in their order. */
    public List<ClassFigures> classes() {
        return classes;
    }

    /** Mean of the classes' F1. */
    public double macroF1() {
        return mean(ClassFigures::f1);
    }

    /** Mean of the classes' areas under the curve. */
    public double macroAuroc() {
        return mean(ClassFigures::auroc);
    }

    /** How far that may be off, since scores are compared by their bins. */
    public double macroAurocError() {
        return mean(ClassFigures::aurocError);
    }

    private double mean(ToDoubleFunction<ClassFigures> figure) {
        return classes.stream()
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    ConfusionMatrix confusion() {
        return confusion;
    }

    Calibration calibration() {
        return calibration;
    }
}
