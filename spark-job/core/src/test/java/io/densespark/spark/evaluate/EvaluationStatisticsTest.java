package io.densespark.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is counted, against the slow way from all probabilities. */
class EvaluationStatisticsTest {
    private static List<String> names(int classes) {
        return IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Outputs(float[] logits, int[] labels, int classes) {
        /** Labels are drawn from the model's own distribution or next to it, the last class has no images. */
        static Outputs random(int images, int classes, long seed) {
            Random random = new Random(seed);
            float[] logits = new float[images * classes];
            int[] labels = new int[images];
            for (int n = 0; n < images; n++) {
                labels[n] = random.nextInt(classes - 1);
                for (int c = 0; c < classes; c++) {
                    logits[n * classes + c] = (float) (3 * random.nextGaussian() + (c == labels[n] ? 2 : 0));
                }
            }
            return new Outputs(logits, labels, classes);
        }

        double[] probabilities(int n) {
            double[] exps = new double[classes];
            for (int c = 0; c < classes; c++) {
                exps[c] = Math.exp(logits[n * classes + c]);
            }
            double sum = Arrays.stream(exps).sum();
            return Arrays.stream(exps).map(v -> v / sum).toArray();
        }

        int predicted(int n) {
            double[] p = probabilities(n);
            return IntStream.range(0, classes)
                    .reduce((a, b) -> p[b] > p[a] ? b : a)
                    .orElseThrow();
        }

        EvaluationStatistics statistics(int from, int to) {
            EvaluationStatistics statistics = new EvaluationStatistics(classes, to - from);
            for (int first = from; first < to; first += 10) {
                int count = Math.min(10, to - first);
                statistics.add(
                        Arrays.copyOfRange(logits, first * classes, (first + count) * classes),
                        Arrays.copyOfRange(labels, first, first + count),
                        count);
            }
            return statistics;
        }
    }

    @ParameterizedTest
    @CsvSource({"200, 3", "157, 12", "60, 40"})
    void everyFigureIsThatOfTheSlowWay(int images, int classes) {
        Outputs outputs = Outputs.random(images, classes, images);
        EvaluationReport report = outputs.statistics(0, images).report(names(classes));

        double loss = 0;
        double right = 0;
        double top = 0;
        for (int n = 0; n < images; n++) {
            double[] p = outputs.probabilities(n);
            double own = p[outputs.labels()[n]];
            loss -= Math.log(own);
            right += outputs.predicted(n) == outputs.labels()[n] ? 1 : 0;
            top += Arrays.stream(p).filter(v -> v > own).count() < 5 ? 1 : 0;
        }
        assertThat(report.images()).isEqualTo(images);
        assertThat(report.loss()).isEqualTo(loss / images, within(1e-9));
        assertThat(report.accuracy()).isEqualTo(right / images);
        if (classes > 5) {
            assertThat(report.top5Accuracy()).hasValue(top / images);
        } else {
            assertThat(report.top5Accuracy()).isEmpty();
        }
        for (int c = 0; c < classes; c++) {
            requireClass(outputs, images, c, report.classes().get(c));
        }
    }

    private static void requireClass(Outputs outputs, int images, int c, ClassFigures found) {
        int ofClass = 0;
        int predicted = 0;
        int both = 0;
        double[] scores = new double[images];
        boolean[] isPositive = new boolean[images];
        for (int n = 0; n < images; n++) {
            isPositive[n] = outputs.labels()[n] == c;
            boolean isPredicted = outputs.predicted(n) == c;
            ofClass += isPositive[n] ? 1 : 0;
            predicted += isPredicted ? 1 : 0;
            both += isPositive[n] && isPredicted ? 1 : 0;
            scores[n] = outputs.probabilities(n)[c];
        }
        assertThat(found.name()).isEqualTo("class " + c);
        assertThat(found.images()).isEqualTo(ofClass);
        assertThat(found.predicted()).isEqualTo(predicted);
        assertThat(found.precision()).isEqualTo(predicted == 0 ? 0 : (double) both / predicted, within(1e-12));
        if (ofClass == 0) {
            assertThat(List.of(found.recall(), found.f1(), found.auroc())).containsOnly(Double.NaN);
            return;
        }
        assertThat(found.recall()).isEqualTo((double) both / ofClass, within(1e-12));
        assertThat(found.f1()).isEqualTo(2.0 * both / (ofClass + predicted), within(1e-12));
        assertThat(found.aurocError()).isBetween(0.0, 0.01);
        assertThat(found.auroc()).isEqualTo(AurocTest.byPairs(scores, isPositive), within(found.aurocError() + 1e-12));
    }

    @Test
    void slicesOfRanksAddUpToTheWhole() {
        Outputs outputs = Outputs.random(101, 9, 4);
        EvaluationReport whole = outputs.statistics(0, 101).report(names(9));
        EvaluationStatistics sum = new EvaluationStatistics(9, 0);
        for (int[] slice : new int[][] {{0, 33}, {33, 33}, {33, 90}, {90, 101}}) {
            sum.add(outputs.statistics(slice[0], slice[1]).slice());
        }
        EvaluationReport merged = sum.report(names(9));
        assertThat(merged.classes()).isEqualTo(whole.classes());
        assertThat(merged.confusion().cells()).isEqualTo(whole.confusion().cells());
        assertThat(merged.accuracy()).isEqualTo(whole.accuracy());
        assertThat(merged.top5Accuracy()).isEqualTo(whole.top5Accuracy());
        assertThat(merged.loss()).isEqualTo(whole.loss(), within(1e-12));
        assertThat(merged.expectedCalibrationError()).isEqualTo(whole.expectedCalibrationError(), within(1e-12));
    }

    @Test
    void scoresNextToZeroAndOneAreStillToldApart() {
        // Probabilities of the first class: 1 - 2e-14, 1 - 1e-12, 1e-12, 2e-14; its two images come first.
        float[] logits = {31.5f, 0, 27.5f, 0, 0, 27.5f, 0, 31.5f};
        EvaluationStatistics statistics = new EvaluationStatistics(2, 4);
        statistics.add(logits, new int[] {0, 1, 0, 1}, 4);
        ClassFigures first = statistics.report(names(2)).classes().get(0);
        assertThat(first.auroc()).isEqualTo(0.75);
        assertThat(first.aurocError()).isZero();
    }

    @Test
    void theSizeOfASliceDoesNotGrowWithImagesTimesClasses() {
        EvaluationStatistics statistics = new EvaluationStatistics(1000, 64);
        Outputs outputs = Outputs.random(64, 1000, 3);
        statistics.add(outputs.logits(), outputs.labels(), 64);
        // 64,000 scores, of 2^22 counts.
        assertThat(statistics.slice().scores().length).isLessThan(400_000);
    }
}
