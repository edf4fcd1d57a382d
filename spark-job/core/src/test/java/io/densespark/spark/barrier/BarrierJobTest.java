package io.densespark.spark.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two ranks as threads of this JVM, so that they share its static fields. */
class BarrierJobTest {

    private static final CountDownLatch ENTERED = new CountDownLatch(2);
    private static final AtomicBoolean CANCELLED = new AtomicBoolean();
    private static JavaSparkContext sc;

    @BeforeAll
    static void start() {
        sc = new JavaSparkContext(new SparkConf()
                .setMaster("local[2]")
                .setAppName("barrier")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.barrier.sync.timeout", "60s"));
    }

    @AfterAll
    static void stop() {
        sc.close();
    }

    @Test
    void resultsComeInTheOrderOfTheRanks() {
        List<String> results = BarrierJob.run(
                sc,
                sc.parallelize(List.of(), 2),
                (context, none) -> "rank " + context.partitionId(),
                (rank, result) -> {});

        assertThat(results).containsExactly("rank 0", "rank 1");
    }

    @Test
    void allRanksRunAtTheSameTimeAndCanTalk() {
        List<List<String>> results = BarrierJob.run(
                sc,
                sc.parallelize(List.of(), 2),
                (context, none) -> List.of(context.allGather("from " + context.partitionId())),
                (rank, result) -> {});

        assertThat(results).containsExactly(List.of("from 0", "from 1"), List.of("from 0", "from 1"));
    }

    @Test
    void theHandlerGetsEveryResultOnce() {
        Map<Integer, Integer> handled = new ConcurrentHashMap<>();

        BarrierJob.run(
                sc, sc.parallelize(List.of(), 2), (context, none) -> context.partitionId() * 10, (rank, result) -> {
                    assertThat(handled.put(rank, result)).isNull();
                });

        assertThat(handled).containsExactlyInAnyOrderEntriesOf(Map.of(0, 0, 1, 10));
    }

    @Test
    void aNullResultIsAResult() {
        List<Object> results =
                BarrierJob.run(sc, sc.parallelize(List.of(), 2), (context, none) -> null, (rank, result) -> {});

        assertThat(results).containsExactly(null, null);
    }

    @Test
    void aTasksCheckedExceptionArrivesWithItsTypeAndCause() {
        BarrierFailedException failure = catchThrowableOfType(
                BarrierFailedException.class,
                () -> BarrierJob.run(
                        sc,
                        sc.parallelize(List.of(), 2),
                        (context, none) -> {
                            if (context.partitionId() == 1) {
                                throw new IOException("shard 7 is damaged", new IllegalStateException("bad checksum"));
                            }
                            context.barrier();
                            return 0;
                        },
                        (rank, result) -> {}));

        assertThat(failure).hasMessage("rank 1 failed: shard 7 is damaged");
        assertThat(failure.getCause())
                .isInstanceOf(IOException.class)
                .hasMessage("shard 7 is damaged")
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("bad checksum");
        assertThat(failure.getSuppressed()).hasSize(1).hasOnlyElementsOfType(SparkException.class);
        assertThat(failure.failures()).hasSize(1);
        assertThat(failure.failures().get(0).rank()).isEqualTo(1);
        assertThat(failure.failures().get(0).kind()).isEqualTo(TaskFailure.Kind.EXCEPTION);
    }

    /** The other rank fails at the very moment when this one's result sets out. */
    @Test
    void aResultIsHandedOnThoughTheStageFails() {
        List<String> results = new ArrayList<>();

        assertThatThrownBy(() -> BarrierJob.run(
                        sc,
                        sc.parallelize(List.of(), 2),
                        (context, none) -> {
                            context.barrier();
                            if (context.partitionId() == 0) {
                                return "the loss is not finite";
                            }
                            throw new IllegalStateException("peer is gone");
                        },
                        (rank, result) -> results.add(rank + ": " + result)))
                .isInstanceOf(BarrierFailedException.class)
                .hasMessageContaining("rank 1 failed: java.lang.IllegalStateException: peer is gone");

        assertThat(results).containsExactly("0: the loss is not finite");
    }

    @Test
    void anExceptionOfTheHandlerFailsTheJobAndBlamesNoRank() {
        BarrierFailedException failure = catchThrowableOfType(
                BarrierFailedException.class,
                () -> BarrierJob.run(sc, sc.parallelize(List.of(), 2), (context, none) -> 1, (rank, result) -> {
                    throw new IllegalStateException("the driver's disk is full");
                }));

        assertThat(failure).hasRootCauseMessage("the driver's disk is full");
        assertThat(failure.failures()).isEmpty();
    }

    @Test
    void interruptingTheCallerCancelsTheJob() throws Exception {
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            try {
                BarrierJob.run(
                        sc,
                        sc.parallelize(List.of(), 2),
                        (context, none) -> {
                            ENTERED.countDown();
                            while (!context.isInterrupted()) {
                                Thread.sleep(5);
                            }
                            CANCELLED.set(true);
                            return 0;
                        },
                        (rank, result) -> {});
            } catch (RuntimeException e) {
                outcome.set(e);
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        caller.start();
        ENTERED.await();
        caller.interrupt();
        caller.join();

        assertThat(outcome.get()).isInstanceOf(CancellationException.class);
        assertThat(interrupted).isTrue();
        // The next job needs both slots: it starts when the cancelled tasks have ended.
        assertThat(BarrierJob.run(sc, sc.parallelize(List.of(), 2), (context, none) -> 1, (rank, result) -> {}))
                .containsExactly(1, 1);
        assertThat(CANCELLED).isTrue();
    }
}
