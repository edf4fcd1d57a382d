package io.densespark.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.replica.Inference;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.DeviceLostException;
import io.densespark.spark.resources.SpentExecutorError;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks that are killed while they wait for a replica. */
@Timeout(60)
class TaskReplicaTest {
    private static JavaSparkContext sc;

    /** A replica that is at its first batch until it may go on; the tasks' JVM is the test's. */
    private static final class Slow implements Engine {
        private static CountDownLatch begun = new CountDownLatch(1);
        private static CountDownLatch bothHold = new CountDownLatch(2);
        private static CountDownLatch goOn = new CountDownLatch(1);
        private static CountDownLatch closed = new CountDownLatch(1);
        private static ReplicaPool pool = new ReplicaPool(Duration.ZERO);

        static void reset() {
            begun = new CountDownLatch(1);
            bothHold = new CountDownLatch(2);
            goOn = new CountDownLatch(1);
            closed = new CountDownLatch(1);
            pool = new ReplicaPool(Duration.ZERO);
        }

        @Override
        public Inference infer(byte[] pixels, int images) {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new Inference(new float[] {images}, new float[0]);
        }

        @Override
        public int imageBytes() {
            return 1;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @BeforeAll
    static void start() {
        sc = new JavaSparkContext(
                new SparkConf().setMaster("local[2]").setAppName("killed tasks").set("spark.ui.enabled", "false"));
    }

    @AfterAll
    static void stop() {
        sc.stop();
    }

    private static Iterator<Float> predict(int images) {
        TaskReplica replica = new TaskReplica(
                Slow.pool.acquire(new ReplicaPool.Key("model", Device.CPU, 1), Slow::new), TaskContext.get());
        Slow.bothHold.countDown();
        replica.submit(new byte[images], images);
        return List.of(replica.await().logits()[0]).iterator();
    }

    private static JavaFutureAction<List<Float>> job(int images) {
        return sc.parallelize(List.of(images), 1)
                .mapPartitions(rows -> predict(rows.next()))
                .collectAsync();
    }

    /** Spark ends an executor for such an error, and for no exception. */
    @Test
    void aLostGpuIsAnErrorThatEndsTheExecutor() {
        DeviceLostException lost = new DeviceLostException("CUDA failed at a step", null);
        ReplicaPool pool = new ReplicaPool(Duration.ZERO);
        try (TaskReplica replica = new TaskReplica(
                pool.acquire(new ReplicaPool.Key("lost", Device.cuda(0), 1), () -> failing(lost)), null)) {
            replica.submit(new byte[1], 1);

            assertThatThrownBy(replica::await)
                    .isInstanceOf(SpentExecutorError.class)
                    .isInstanceOf(VirtualMachineError.class)
                    .hasMessage("CUDA failed at a step")
                    .hasCause(lost);
        }
    }

    private static Engine failing(RuntimeException error) {
        return new Engine() {
            @Override
            public Inference infer(byte[] pixels, int images) {
                throw error;
            }

            @Override
            public int imageBytes() {
                return 1;
            }

            @Override
            public void close() {}
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKilledTaskLetsGoAndTheOthersGoOn(boolean interrupts) throws Exception {
        Slow.reset();
        sc.setJobGroup("killed", "killed", interrupts);
        JavaFutureAction<List<Float>> killed = job(3);
        Slow.begun.await();
        sc.setJobGroup("other", "other", interrupts);
        JavaFutureAction<List<Float>> other = job(4);
        // Otherwise the other might come after the first replica's end, and open a second.
        Slow.bothHold.await();

        sc.cancelJobGroup("killed");
        assertThatThrownBy(killed::get).rootCause().hasMessageContaining("cancel");
        Slow.goOn.countDown();

        assertThat(other.get()).containsExactly(4f);
        // Neither task holds the replica any more.
        Slow.closed.await();
        assertThat(Slow.pool.size()).isZero();
    }
}
