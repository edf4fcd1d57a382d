package io.densespark.spark.evaluate;

/**
 * What an evaluation found for one class. Without images of the class there is no recall, F1 and AUROC, and they are NaN.
 *
 * @param name of the class
 * @param images of the class
 * @param predicted images that were taken for one of it
 * @param precision share of these that are of it; 0 if there are none
 * @param recall share of its images that were taken for one of it
 * @param f1 harmonic mean of both
 * @param auroc area under the curve of its probability against all others'
 * @param aurocError how far that may be off
 */
public record ClassFigures(
        String name,
        long images,
        long predicted,
        double precision,
        double recall,
        double f1,
        double auroc,
        double aurocError) {
    static ClassFigures of(String name, int label, ConfusionMatrix confusion, Auroc auroc) {
        long images = confusion.ofClass(label);
        long predicted = confusion.predicted(label);
        double right = confusion.count(label, label);
        return new ClassFigures(
                name,
                images,
                predicted,
                predicted == 0 ? 0 : right / predicted,
                right / images,
                images == 0 ? Double.NaN : 2 * right / (images + predicted),
                auroc.area(),
                auroc.error());
    }
}
