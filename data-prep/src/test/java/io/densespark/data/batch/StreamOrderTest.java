package io.densespark.data.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.Shard;
import io.densespark.data.shard.RowGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamOrderTest {
    private static final int GROUPS = 640;
    private static final int ROWS = 20;
    private static final int IMAGES = GROUPS * ROWS;
    private static final int GROUPS_OF_WINDOW = 32;
    private static final int BATCH = 64;
    private static final int[] ALL = IntStream.range(0, IMAGES).toArray();

    private final StreamOrder order = order(GROUPS_OF_WINDOW);

    @Test
    void everyImageComesOnceAnEpochAndEachEpochHasItsOwnOrder() {
        int[] first = order.of(7, 0, ALL, BATCH);
        assertThat(Arrays.stream(first).sorted().toArray()).isEqualTo(ALL);
        assertThat(order.of(7, 0, ALL, BATCH)).isEqualTo(first);
        assertThat(order.of(7, 1, ALL, BATCH)).isNotEqualTo(first);
        assertThat(order.of(8, 0, ALL, BATCH)).isNotEqualTo(first);
    }

    @Test
    void imagesThatAreKeptAsideAreLeftOut() {
        int[] odd = IntStream.range(0, IMAGES).filter(image -> image % 2 == 1).toArray();
        assertThat(Arrays.stream(order.of(7, 0, odd, BATCH)).sorted().toArray()).isEqualTo(odd);
    }

    /** What makes the memory bounded: 640 images are ten batches of 64. */
    @Test
    void imagesComeWindowByWindow() {
        int[] epoch = order.of(7, 3, ALL, 64);
        Set<Integer> met = new HashSet<>();
        int images = GROUPS_OF_WINDOW * ROWS;
        for (int start = 0; start < IMAGES; start += images) {
            Set<Integer> groups = groups(epoch, start, start + images);
            assertThat(groups).hasSize(GROUPS_OF_WINDOW);
            met.addAll(groups);
        }
        assertThat(met).hasSize(GROUPS);
    }

    @Test
    void aBatchHasNearlyAsManyImagesOfOneRowGroupOfItsWindowAsOfAnother() {
        int[] epoch = order.of(7, 3, ALL, 64);
        Set<Integer> shares = new HashSet<>();
        for (int batch = 0; batch < 10; batch++) {
            int[] counts = new int[GROUPS];
            Arrays.stream(epoch, batch * 64, (batch + 1) * 64).forEach(image -> counts[image / ROWS]++);
            Arrays.stream(counts).filter(count -> count > 0).forEach(shares::add);
        }
        assertThat(shares).containsExactly(2);
    }

    /** That of a row group two images come in this step is no reason that they come together in the next epoch. */
    @Test
    void imagesThatMeetInABatchOfOneEpochPartInTheNext() {
        int[] one = order.of(7, 0, ALL, 64);
        int[] other = order.of(7, 1, ALL, 64);
        int[] batchOf = new int[IMAGES];
        IntStream.range(0, IMAGES).forEach(i -> batchOf[other[i]] = i / 64);
        long together = 0;
        for (int i = 1; i < IMAGES; i++) {
            boolean sameGroup = one[i] / ROWS == one[i - 1] / ROWS;
            together += sameGroup && i % 64 != 0 && batchOf[one[i]] == batchOf[one[i - 1]] ? 1 : 0;
        }
        // Of 6400 pairs of one row group one in 19 meets again by chance.
        assertThat(together).isBetween(250L, 430L);
    }

    /** A rank of four that took its images from a window shuffled at will would read each row group, a quarter of it. */
    @ParameterizedTest
    @CsvSource({"64, 4, 1.05", "50, 4, 1.5", "100, 3, 1.3", "256, 8, 1.3"})
    void ranksReadLittleMoreThanTheirSharesOfTheRowGroups(int batch, int ranks, double most) {
        int[] epoch = order.of(7, 0, ALL, batch);
        int read = 0;
        for (int rank = 0; rank < ranks; rank++) {
            SharedOrder share = new SharedOrder(epoch, new BatchSlices(batch, rank, ranks));
            Set<Integer> groups = new HashSet<>();
            for (int b = 0; b < share.batches(); b++) {
                for (int i = 0; i < share.count(b); i++) {
                    groups.add(share.image(b, i) / ROWS);
                }
            }
            read += groups.size();
        }
        assertThat(read / (double) GROUPS).isBetween(1.0, most);
    }

    @Test
    void theLargestWindowHasAtLeastARowGroupAndAtMostAll() {
        assertThat(order(GROUPS_OF_WINDOW).largestWindow()).isEqualTo(GROUPS_OF_WINDOW * 100L);
        assertThat(order(0).largestWindow()).isEqualTo(100);
        assertThat(order(10 * GROUPS).largestWindow()).isEqualTo(GROUPS * 100L);
    }

    private static Set<Integer> groups(int[] order, int from, int to) {
        Set<Integer> groups = new HashSet<>();
        for (int i = from; i < to; i++) {
            groups.add(order[i] / ROWS);
        }
        return groups;
    }

    private static StreamOrder order(int groupsOfWindow) {
        Shard shard = new Shard("train.parquet", IMAGES, 1, "0".repeat(64));
        List<RowGroup> groups = new ArrayList<>();
        int[] first = new int[GROUPS + 1];
        for (int i = 0; i < GROUPS; i++) {
            groups.add(new RowGroup(shard, i, ROWS, 100));
            first[i + 1] = first[i] + ROWS;
        }
        return new StreamOrder(groups, first, groupsOfWindow * 100L);
    }
}
