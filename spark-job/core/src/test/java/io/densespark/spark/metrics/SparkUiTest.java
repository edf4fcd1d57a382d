package io.densespark.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.spark.barrier.BarrierJob;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.AccumulatorV2;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.collection.Iterator;

/** What Spark's own UI says of a run, by its REST interface. The ranks are threads of this JVM. */
@Timeout(120)
class SparkUiTest {
    private static final Map<String, String> WHILE_IT_RUNS = Map.of(
            "densespark.epoch", "1/3",
            "densespark.step", "4/10",
            "densespark.loss", "1.5000",
            "densespark.images per second", "100",
            "densespark.all-reduce share", "12.5%",
            "densespark.time left", "0:26",
            "densespark.slowest rank", "0 (1.00 times the others' median)");
    private static final int POLL_MILLIS = 50;
    private static final CountDownLatch SEEN = new CountDownLatch(1);
    private static JavaSparkContext sc;

    @BeforeAll
    static void start() {
        sc = new JavaSparkContext(new SparkConf()
                .setMaster("local[2]")
                .setAppName("ui")
                .set("spark.ui.port", "0")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.executor.heartbeatInterval", "100ms"));
    }

    @AfterAll
    static void stop() {
        sc.close();
    }

    @Test
    void theFiguresAreThereByNameWhileTheRanksRunAndAtTheEnd() throws Exception {
        RunAccumulators accumulators = RunAccumulators.register(sc.sc());
        BlockingQueue<RunProgress> told = new LinkedBlockingQueue<>();
        sc.sc().addSparkListener(new ProgressListener(accumulators, told::add));
        ExecutorService driver = Executors.newSingleThreadExecutor();
        try {
            Future<?> job = driver.submit(() -> BarrierJob.run(
                    sc,
                    sc.parallelize(List.of(), 2),
                    (context, none) -> {
                        int rank = context.partitionId();
                        accumulators.tell(Ranks.at(rank, 1, 4, 10.0 + 10 * rank, 10));
                        SEEN.await();
                        accumulators.tell(Ranks.at(rank, 3, 10, 5, 10));
                        return rank;
                    },
                    (rank, result) -> {}));

            JsonNode running = awaitFigures(WHILE_IT_RUNS);
            assertThat(running.get("status").asText()).isEqualTo("ACTIVE");
            assertThat(told.take()).isNotEqualTo(RunProgress.NONE);
            SEEN.countDown();
            job.get();

            Map<String, String> end = new HashMap<>(WHILE_IT_RUNS);
            end.putAll(Map.of(
                    "densespark.epoch", "3/3",
                    "densespark.step", "10/10",
                    "densespark.loss", "0.5000",
                    "densespark.time left", "0:00"));
            awaitFigures(end);
        } finally {
            SEEN.countDown();
            driver.shutdownNow();
        }
    }

    /** Heartbeats begin while a task is still being read. */
    @Test
    void anAccumulatorIsEmptyFromTheMomentSparkKnowsItOnTheExecutor() {
        ProgressAccumulator<String> accumulator = new ProgressAccumulator<>(new ReadLast());
        sc.sc().register(accumulator);

        assertThat(BarrierJob.run(
                        sc,
                        sc.parallelize(List.of(), 1),
                        (context, none) -> accumulator.isZero(),
                        (rank, result) -> {}))
                .containsExactly(true);
        assertThat(ReadLast.asked).isPositive();
    }

    /** Part of an accumulator that asks, while it is read from the stream, what a heartbeat would ask. */
    private static final class ReadLast implements ProgressAccumulator.View<String> {
        private static int asked;

        @Override
        public String of(RunProgress progress) {
            return "";
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            if (TaskContext.get() == null) {
                // On its way back, on the driver.
                return;
            }
            Iterator<AccumulatorV2<?, ?>> known =
                    TaskContext.get().taskMetrics().accumulators().iterator();
            while (known.hasNext()) {
                AccumulatorV2<?, ?> next = known.next();
                if (next instanceof ProgressAccumulator<?>) {
                    assertThat(next.isZero()).isTrue();
                    asked++;
                }
            }
        }
    }

    /** Polls the stage until it has these figures. */
    private static JsonNode awaitFigures(Map<String, String> figures) throws IOException, InterruptedException {
        while (true) {
            JsonNode stage = stage();
            Map<String, String> shown = new HashMap<>();
            stage.path("accumulatorUpdates")
                    .forEach(update -> shown.put(
                            update.get("name").asText(), update.get("value").asText()));
            if (shown.equals(figures)) {
                return stage;
            }
            assertThat(stage.path("status").asText()).as(shown.toString()).isNotEqualTo("FAILED");
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static JsonNode stage() throws IOException, InterruptedException {
        URI uri = URI.create(
                sc.sc().uiWebUrl().get() + "/api/v1/applications/" + sc.sc().applicationId() + "/stages");
        String json = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
        return new ObjectMapper().readTree(json).path(0);
    }
}
