package io.densespark.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
    @Test
    void numbersAreThoseOfTheJdksGeneratorOfTheSameState() {
        // SplittableRandom(seed) is the same algorithm with the same constants, started at its seed.
        long[] keys = {1, 42, 3};
        SplittableRandom reference = new SplittableRandom(state(keys));
        SplitMix64 random = new SplitMix64(keys);
        for (int i = 0; i < 100; i++) {
            assertThat(random.next()).isEqualTo(reference.nextLong());
        }
    }

    @Test
    void boundedNumbersCoverTheirRangeEvenly() {
        SplitMix64 random = new SplitMix64(4);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) {
            counts[random.nextInt(7)]++;
        }
        // 10,000 expected, a standard deviation of 93: five of them.
        assertThat(counts).satisfies(all -> {
            for (int count : all) {
                assertThat(count).isBetween(10_000 - 465, 10_000 + 465);
            }
        });
    }

    @Test
    void keysInAnotherOrderGiveOtherNumbers() {
        assertThat(new SplitMix64(1, 2).next()).isNotEqualTo(new SplitMix64(2, 1).next());
        assertThat(new SplitMix64(0).next()).isNotEqualTo(new SplitMix64(0, 0).next());
    }

    /** The state that keys give, by the JDK's generator in place of the mixing function. */
    private static long state(long... keys) {
        long mixed = 0;
        for (long key : keys) {
            mixed = new SplittableRandom(mixed + new SplittableRandom(key).nextLong()).nextLong();
        }
        return mixed;
    }
}
