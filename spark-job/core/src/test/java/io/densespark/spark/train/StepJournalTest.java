package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.replica.BatchResult;
import io.densespark.model.tensor.Vector;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.tensorboard.EventReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepJournalTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path folder;

    private final BackgroundWriter writer = new BackgroundWriter();

    @AfterEach
    void close() {
        writer.close();
    }

    private Map<String, SortedMap<Long, Float>> written() throws IOException {
        writer.await();
        return EventReader.series(folder);
    }

    /** Two ranks that both have the figures of this one. */
    private record Twins(int rank) implements ProcessGroup {
        @Override
        public int worldSize() {
            return 2;
        }

        @Override
        public void sum(Vector vector) {
            throw new UnsupportedOperationException();
        }

        @Override
        public double[] sum(double[] values) {
            double[] sums = values.clone();
            for (int i = 0; i < sums.length; i++) {
                sums[i] += values[i];
            }
            return sums;
        }

        @Override
        public void close() {}
    }

    private StepJournal journal(int rank) {
        return new StepJournal(
                new Twins(rank), new org.apache.hadoop.fs.Path(folder.toString()), new Configuration(), writer);
    }

    /** Steps of two seconds, a quarter in the all-reduce, an eighth waiting; the loss is the step's number. */
    private static void steps(StepJournal journal, int epoch, long before, int steps) throws IOException {
        EpochTotals totals = new EpochTotals();
        journal.begin(epoch, before, 0, 0.1, totals);
        for (int step = 1; step <= steps; step++) {
            totals.nanos += 2 * SECOND;
            totals.allReduceNanos += SECOND / 2;
            totals.dataWaitNanos += SECOND / 4;
            journal.add(new BatchResult(10, 10.0 * (before + step), 8), totals);
        }
    }

    private static EpochRow row(int epoch, double validError) {
        return new EpochRow(epoch, 0.5, 0.25, 0.4, validError, 10, 8, 200, 2, 1, 1 << 20, "", 1, 1.5);
    }

    /** If it waited, it would for ever. */
    @Test
    void anEpochBeginsWhileACheckpointIsBeingWritten() throws Exception {
        StepJournal journal = journal(0);
        CountDownLatch isWritten = new CountDownLatch(1);
        writer.submit("a checkpoint", () -> {
            try {
                isWritten.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        });

        steps(journal, 2, 3, 3);
        isWritten.countDown();
        journal.end(row(2, 0.125));

        assertThat(written().get("step/loss").keySet()).containsExactly(4L, 5L, 6L);
    }

    @Test
    void everyStepAndEpochIsWrittenWithTheFiguresOfAllRanks() throws IOException {
        StepJournal journal = journal(0);
        steps(journal, 1, 0, 3);
        journal.end(row(1, 0.125));
        steps(journal, 2, 3, 3);
        journal.end(row(2, 0.0625));

        Map<String, SortedMap<Long, Float>> series = written();

        assertThat(series.get("step/loss")).isEqualTo(Map.of(1L, 1f, 2L, 2f, 3L, 3f, 4L, 4f, 5L, 5f, 6L, 6f));
        assertThat(series.get("step/error").get(6L)).isEqualTo(0.2f, within(1e-6f));
        // Twice ten images in two seconds.
        assertThat(series.get("step/images_per_second").values()).hasSize(6).containsOnly(10f);
        assertThat(series.get("step/all_reduce_share").values()).hasSize(6).containsOnly(0.25f);
        assertThat(series.get("step/data_wait_share").values()).hasSize(6).containsOnly(0.125f);
        assertThat(series.get("step/learning_rate").values()).hasSize(6).containsOnly(0.1f);
        assertThat(series.get("epoch/train_loss")).isEqualTo(Map.of(1L, 0.5f, 2L, 0.5f));
        assertThat(series.get("epoch/valid_error")).isEqualTo(Map.of(1L, 0.125f, 2L, 0.0625f));
        assertThat(series.get("epoch/all_reduce_share")).isEqualTo(Map.of(1L, 0.25f, 2L, 0.25f));
        assertThat(series.get("epoch/slowdown")).isEqualTo(Map.of(1L, 1.5f, 2L, 1.5f));
        assertThat(series).hasSize(17);
    }

    @Test
    void withoutValidationThereIsNoValueOfIt() throws IOException {
        StepJournal journal = journal(0);
        steps(journal, 1, 0, 1);
        journal.end(row(1, Double.NaN));

        assertThat(written()).hasSize(15).doesNotContainKeys("epoch/valid_loss", "epoch/valid_error");
    }

    @Test
    void aLongEpochIsWrittenInPartsAndOneThatIsTrainedAgainReplacesThem() throws IOException {
        int steps = 2 * StepJournal.CAPACITY + 5;
        // The first attempt is lost in the middle of the epoch.
        steps(journal(0), 1, 0, StepJournal.CAPACITY + 7);
        assertThat(written().get("step/loss")).hasSize(StepJournal.CAPACITY);

        StepJournal second = journal(0);
        steps(second, 1, 0, steps);
        second.end(row(1, 0.5));
        writer.await();

        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder(
                        "events.out.tfevents.epoch-0001.part-000",
                        "events.out.tfevents.epoch-0001.part-001",
                        "events.out.tfevents.epoch-0001.part-002");
        assertThat(written().get("step/loss").keySet())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, steps).boxed().toList());
    }

    @Test
    void theStepsBeforeABadLossAreWrittenAndOnlyRankZeroWrites() throws IOException {
        StepJournal other = journal(1);
        steps(other, 1, 0, 3);
        other.flush();
        writer.await();
        assertThat(folder).isEmptyDirectory();

        StepJournal journal = journal(0);
        steps(journal, 1, 0, 3);
        journal.flush();
        journal.flush();

        assertThat(written().get("step/loss")).hasSize(3);
        assertThat(folder.toFile().list()).hasSize(1);
    }
}
