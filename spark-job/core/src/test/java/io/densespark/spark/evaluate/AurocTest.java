package io.densespark.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AurocTest {
    private static final int[] NONE = {0, 0, 0};

    @Test
    void byHand() {
        assertThat(Auroc.of(new int[] {0, 0, 2}, new int[] {3, 1, 0})).isEqualTo(new Auroc(1, 0));
        assertThat(Auroc.of(new int[] {2, 0, 0}, new int[] {0, 1, 3})).isEqualTo(new Auroc(0, 0));
        // All scores are equal: every pair counts half, and might be anything if they were only in one bin.
        assertThat(Auroc.of(new int[] {0, 3, 0}, new int[] {0, 2, 0})).isEqualTo(new Auroc(0.5, 0.5));
        // Pairs: 0 beats nothing and ties with one of two; 1 beats both.
        assertThat(Auroc.of(new int[] {1, 1}, new int[] {1, 1}).area()).isEqualTo((0.5 + 0 + 1 + 0.5) / 4);
    }

    @Test
    void withoutPositivesOrNegativesThereIsNone() {
        assertThat(Auroc.of(NONE, new int[] {1, 2, 3}).area()).isNaN();
        assertThat(Auroc.of(new int[] {1, 2, 3}, NONE).area()).isNaN();
    }

    @Test
    void itIsTheShareOfPairsThatAreRightAndTheMannWhitneyStatisticOfMidranks() {
        Random random = new Random(5);
        for (int round = 0; round < 50; round++) {
            int scores = 1 + random.nextInt(30);
            double[] values = random.doubles(40 + random.nextInt(40))
                    .map(v -> Math.floor(v * scores))
                    .toArray();
            boolean[] isPositive = new boolean[values.length];
            int[] positives = new int[scores];
            int[] negatives = new int[scores];
            for (int i = 0; i < values.length; i++) {
                isPositive[i] = i < 2 ? i == 0 : random.nextInt(4) == 0;
                (isPositive[i] ? positives : negatives)[(int) values[i]]++;
            }
            double area = Auroc.of(positives, negatives).area();
            assertThat(area).isEqualTo(byPairs(values, isPositive), within(1e-12));
            assertThat(area).isEqualTo(byMidranks(values, isPositive), within(1e-12));
        }
    }

    /** The slow, obvious way. */
    static double byPairs(double[] scores, boolean[] isPositive) {
        double right = 0;
        long pairs = 0;
        for (int p = 0; p < scores.length; p++) {
            for (int n = 0; n < scores.length; n++) {
                if (isPositive[p] && !isPositive[n]) {
                    pairs++;
                    right += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
                }
            }
        }
        return right / pairs;
    }

    private static double byMidranks(double[] scores, boolean[] isPositive) {
        double ranks = 0;
        long positives = 0;
        for (int p = 0; p < scores.length; p++) {
            if (isPositive[p]) {
                positives++;
                int below = 0;
                int equal = 0;
                for (double score : scores) {
                    below += score < scores[p] ? 1 : 0;
                    equal += score == scores[p] ? 1 : 0;
                }
                ranks += below + (equal + 1) / 2.0;
            }
        }
        return (ranks - positives * (positives + 1) / 2.0) / (positives * (scores.length - positives));
    }
}
