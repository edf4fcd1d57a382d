package io.densespark.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    @Test
    void byHand() {
        Calibration calibration = new Calibration();
        calibration.add(0.9, true);
        calibration.add(0.92, false);
        calibration.add(0.5, true);
        // (13/15, 14/15] has both of 0.9 and 0.92: |0.91 - 0.5| of 2; (7/15, 8/15] has the other: |0.5 - 1| of 1.
        assertThat(calibration.error()).isEqualTo((2 * 0.41 + 0.5) / 3, within(1e-12));
        Calibration.Bin bin = calibration.bins().get(13);
        assertThat(bin.images()).isEqualTo(2);
        assertThat(bin.confidence()).isEqualTo(0.91, within(1e-12));
        assertThat(bin.accuracy()).isEqualTo(0.5);
        assertThat(calibration.bins().get(0).accuracy()).isNaN();
    }

    @Test
    void aBinHasItsUpperEndAndNotItsLowerOne() {
        Calibration calibration = new Calibration();
        calibration.add(0.2, true);
        calibration.add(1, true);
        assertThat(calibration.bins().get(2).images()).isEqualTo(1);
        assertThat(calibration.bins().get(14).images()).isEqualTo(1);
    }

    @Test
    void partsAddUpToTheWholeAndToTheSlowWay() {
        Random random = new Random(8);
        double[] confidences = random.doubles(500, 0.05, 1).toArray();
        boolean[] correct = new boolean[500];
        Calibration whole = new Calibration();
        Calibration[] parts = {new Calibration(), new Calibration()};
        for (int i = 0; i < 500; i++) {
            correct[i] = random.nextDouble() < confidences[i];
            whole.add(confidences[i], correct[i]);
            parts[i % 2].add(confidences[i], correct[i]);
        }
        parts[0].add(parts[1]);
        double expected = 0;
        for (int bin = 1; bin <= 15; bin++) {
            double confidence = 0;
            double right = 0;
            for (int i = 0; i < 500; i++) {
                if (confidences[i] > (bin - 1) / 15.0 && confidences[i] <= bin / 15.0) {
                    confidence += confidences[i];
                    right += correct[i] ? 1 : 0;
                }
            }
            expected += Math.abs(confidence - right) / 500;
        }
        assertThat(whole.error()).isEqualTo(expected, within(1e-12));
        assertThat(parts[0].error()).isEqualTo(expected, within(1e-12));
    }
}
