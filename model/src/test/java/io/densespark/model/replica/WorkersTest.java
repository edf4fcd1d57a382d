package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.libtorch.LibTorch;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private final Workers workers = new Workers(3, LibTorch.open());

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    void eachWorkerRunsOnceAndAtTheSameTimeAsTheOthers() {
        AtomicIntegerArray runs = new AtomicIntegerArray(3);
        CountDownLatch all = new CountDownLatch(3);
        workers.run(3, worker -> {
            runs.incrementAndGet(worker);
            all.countDown();
            await(all);
        });
        assertThat(runs).hasToString("[1, 1, 1]");
    }

    @Test
    void aFailureIsThrownOnceAllWorkersHaveEnded() {
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch failed = new CountDownLatch(1);
        assertThatThrownBy(() -> workers.run(3, worker -> {
                    if (worker == 0) {
                        failed.countDown();
                        throw new IllegalStateException("of worker 0");
                    }
                    await(failed);
                    ended.incrementAndGet();
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("of worker 0");
        assertThat(ended).hasValue(2);
        workers.run(3, worker -> ended.incrementAndGet());
        assertThat(ended).hasValue(5);
    }

    @Test
    void anErrorIsThrownAsItIs() {
        assertThatThrownBy(() -> workers.run(1, worker -> {
                    throw new OutOfMemoryError("heap");
                }))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void anInterruptedCallerWaitsForItsWorkersAndStaysInterrupted() {
        AtomicInteger ended = new AtomicInteger();
        Thread.currentThread().interrupt();
        workers.run(3, worker -> ended.incrementAndGet());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ended).hasValue(3);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
