package io.densespark.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.replica.Inference;
import io.densespark.model.tensor.Device;
import io.densespark.spark.JobException;
import io.densespark.spark.predict.ReplicaPool.Lease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who shares a replica, and when it goes. */
@Timeout(60)
class ReplicaPoolTest {
    private static final ReplicaPool.Key KEY = new ReplicaPool.Key("a model", Device.CPU, 8);

    /** Answers with the number of images; the first image's first byte is noted. */
    private static final class Counting implements Engine {
        private final List<Thread> threads = new CopyOnWriteArrayList<>();
        private final List<Integer> batches = new CopyOnWriteArrayList<>();
        private final AtomicInteger opened = new AtomicInteger();
        private final CountDownLatch closed = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private volatile boolean waits;

        Counting open() {
            opened.incrementAndGet();
            threads.add(Thread.currentThread());
            return this;
        }

        @Override
        public Inference infer(byte[] pixels, int images) {
            threads.add(Thread.currentThread());
            batches.add((int) pixels[0]);
            if (waits) {
                await(goOn);
            }
            if (pixels[0] < 0) {
                throw new IllegalStateException("a bad batch");
            }
            return new Inference(new float[] {images}, new float[0]);
        }

        /** More than the tests' batches have: they can't be joined. */
        @Override
        public int imageBytes() {
            return 1000;
        }

        @Override
        public void close() {
            threads.add(Thread.currentThread());
            closed.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] batch(int first) {
        return new byte[] {(byte) first};
    }

    @Test
    void tasksOfOneModelShareAReplicaThatOneThreadMakesUsesAndCloses() throws Exception {
        ReplicaPool pool = new ReplicaPool(Duration.ZERO);
        Counting engine = new Counting();
        try (Lease first = pool.acquire(KEY, engine::open);
                Lease second = pool.acquire(KEY, engine::open)) {
            assertThat(first.submit(batch(1), 5).get().logits()).containsExactly(5);
            assertThat(second.submit(batch(2), 7).get().logits()).containsExactly(7);
            assertThat(pool.size()).isEqualTo(1);
        }
        await(engine.closed);
        assertThat(engine.opened).hasValue(1);
        assertThat(engine.batches).containsExactly(1, 2);
        assertThat(engine.threads)
                .hasSize(4)
                .containsOnly(engine.threads.get(0))
                .doesNotContain(Thread.currentThread());
        assertThat(pool.size()).isZero();
    }

    @Test
    void anotherModelDeviceOrBatchIsAnotherReplica() {
        ReplicaPool pool = new ReplicaPool(Duration.ZERO);
        try (Lease first = pool.acquire(KEY, new Counting()::open);
                Lease second = pool.acquire(new ReplicaPool.Key("another", Device.CPU, 8), new Counting()::open);
                Lease third = pool.acquire(new ReplicaPool.Key("a model", Device.cuda(0), 8), new Counting()::open);
                Lease fourth = pool.acquire(new ReplicaPool.Key("a model", Device.CPU, 9), new Counting()::open)) {
            assertThat(pool.size()).isEqualTo(4);
        }
    }

    @Test
    void aReplicaStaysForTheNextTaskWhenTheLastHasEnded() throws Exception {
        ReplicaPool pool = new ReplicaPool(Duration.ofHours(1));
        Counting engine = new Counting();
        for (int task = 1; task <= 3; task++) {
            try (Lease lease = pool.acquire(KEY, engine::open)) {
                assertThat(lease.submit(batch(task), 1).get().logits()).containsExactly(1);
                lease.close();
            }
        }
        assertThat(engine.opened).hasValue(1);
        assertThat(engine.closed.getCount()).isEqualTo(1);
        assertThat(pool.size()).isEqualTo(1);
    }

    @Test
    void aReplicaThatCannotBeMadeTellsAllWhoWaitAndIsTriedAgainByTheNextTask() throws Exception {
        ReplicaPool pool = new ReplicaPool(Duration.ofHours(1));
        CountDownLatch goOn = new CountDownLatch(1);
        Engine.Opener failing = () -> {
            await(goOn);
            throw new JobException("too little memory: give more");
        };
        try (Lease first = pool.acquire(KEY, failing);
                Lease second = pool.acquire(KEY, failing)) {
            CompletableFuture<Inference> one = first.submit(batch(1), 1);
            CompletableFuture<Inference> other = second.submit(batch(2), 1);
            goOn.countDown();
            for (CompletableFuture<Inference> answer : List.of(one, other)) {
                assertThatThrownBy(answer::get).hasRootCauseMessage("too little memory: give more");
            }
            assertThatThrownBy(() -> first.submit(batch(3), 1).get())
                    .hasRootCauseMessage("too little memory: give more");
            assertThat(pool.size()).isZero();
            try (Lease third = pool.acquire(KEY, new Counting()::open)) {
                assertThat(third.submit(batch(4), 2).get().logits()).containsExactly(2);
            }
        }
    }

    @Test
    void aBatchThatFailsIsItsTasksAlone() throws Exception {
        ReplicaPool pool = new ReplicaPool(Duration.ZERO);
        try (Lease lease = pool.acquire(KEY, new Counting()::open)) {
            assertThatThrownBy(() -> lease.submit(batch(-1), 1).get()).hasRootCauseMessage("a bad batch");
            assertThat(lease.submit(batch(2), 3).get().logits()).containsExactly(3);
        }
    }

    @Test
    void aBatchThatNobodyWaitsForIsPassedOver() throws Exception {
        ReplicaPool pool = new ReplicaPool(Duration.ZERO);
        Counting engine = new Counting();
        engine.waits = true;
        try (Lease lease = pool.acquire(KEY, engine::open)) {
            CompletableFuture<Inference> first = lease.submit(batch(1), 1);
            CompletableFuture<Inference> cancelled = lease.submit(batch(2), 1);
            CompletableFuture<Inference> third = lease.submit(batch(3), 1);
            cancelled.cancel(false);
            engine.goOn.countDown();
            first.get();
            third.get();
        }
        assertThat(engine.batches).containsExactly(1, 3);
    }

    /** Waits at its first batch; answers with the first byte of each image of two. */
    private static final class Echo implements Engine {
        private final List<Integer> batches = new CopyOnWriteArrayList<>();
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public Inference infer(byte[] pixels, int images) {
            batches.add(images);
            begun.countDown();
            await(goOn);
            float[] first = new float[images];
            for (int n = 0; n < images; n++) {
                first[n] = pixels[2 * n];
            }
            return new Inference(first, new float[0]);
        }

        @Override
        public int imageBytes() {
            return 2;
        }

        @Override
        public void close() {}
    }

    @Test
    void smallBatchesThatWaitGoTogetherAsFarAsOneHasRoom() throws Exception {
        ReplicaPool pool = new ReplicaPool(Duration.ZERO);
        Echo engine = new Echo();
        try (Lease lease = pool.acquire(KEY, () -> engine)) {
            CompletableFuture<Inference> first = lease.submit(new byte[] {1, 0}, 1);
            engine.begun.await();
            CompletableFuture<Inference> second = lease.submit(new byte[] {2, 0}, 1);
            CompletableFuture<Inference> cancelled = lease.submit(new byte[] {3, 0}, 1);
            CompletableFuture<Inference> third = lease.submit(new byte[] {4, 0, 5, 0}, 2);
            CompletableFuture<Inference> large = lease.submit(new byte[16], 8);
            cancelled.cancel(false);
            engine.goOn.countDown();
            assertThat(first.get().logits()).containsExactly(1);
            assertThat(second.get().logits()).containsExactly(2);
            assertThat(third.get().logits()).containsExactly(4, 5);
            assertThat(large.get().logits()).hasSize(8);
        }
        assertThat(engine.batches).containsExactly(1, 3, 8);
    }
}
