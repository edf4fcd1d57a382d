package io.densespark.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoreCountsTest {
    private static final int CLASSES = 3000;

    /** Scores in random bins, and in the first and the last one of all. */
    private static ScoreCounts counts(int scores, long seed) {
        ScoreCounts counts = new ScoreCounts(CLASSES);
        Random random = new Random(seed);
        counts.add(0, 0);
        counts.add(CLASSES - 1, counts.bins() - 1);
        for (int i = 0; i < scores; i++) {
            counts.add(random.nextInt(CLASSES), random.nextInt(counts.bins()));
        }
        return counts;
    }

    @Test
    void countsThatTravelledAreAddedToThoseThatAreThere() {
        ScoreCounts sum = new ScoreCounts(CLASSES);
        ScoreCounts none = new ScoreCounts(CLASSES);
        ScoreCounts few = counts(50, 1);
        ScoreCounts many = counts(3_000_000, 2);
        sum.addPacked(none.packed());
        sum.addPacked(few.packed());
        sum.addPacked(many.packed());
        for (int c = 0; c < CLASSES; c++) {
            int[] expected = few.of(c);
            int[] others = many.of(c);
            for (int bin = 0; bin < expected.length; bin++) {
                expected[bin] += others[bin];
            }
            assertThat(sum.of(c)).isEqualTo(expected);
        }
        assertThat(none.packed()).hasSizeLessThan(100);
    }
}
