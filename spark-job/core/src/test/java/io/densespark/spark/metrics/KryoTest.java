package io.densespark.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.barrier.BarrierJob;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** All that travels between driver and tasks, where the cluster's defaults say Kryo, which knows no records. */
class KryoTest {
    private static JavaSparkContext sc;

    record Answer(int rank, List<String> words) implements Serializable {}

    @BeforeAll
    static void start() {
        sc = new JavaSparkContext(new SparkConf()
                .setMaster("local[2]")
                .setAppName("kryo")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrationRequired", "true"));
    }

    @AfterAll
    static void stop() {
        sc.close();
    }

    @Test
    void aRanksRecordArrives() {
        List<Answer> handled = Collections.synchronizedList(new ArrayList<>());

        List<Answer> answers = BarrierJob.run(
                sc,
                sc.parallelize(List.of(), 2),
                (context, none) -> new Answer(context.partitionId(), List.of(context.allGather("word"))),
                (rank, answer) -> handled.add(answer));

        List<String> words = List.of("word", "word");
        assertThat(answers).containsExactly(new Answer(0, words), new Answer(1, words));
        assertThat(handled).containsExactlyInAnyOrderElementsOf(answers);
    }

    @Test
    void whatRanksTellArrives() {
        ProgressAccumulator<RunProgress> told = new ProgressAccumulator<>(run -> run);
        sc.sc().register(told);

        BarrierJob.run(
                sc,
                sc.parallelize(List.of(), 2),
                (context, none) -> {
                    told.add(RunProgress.of(Ranks.at(context.partitionId(), 2, 3, 1, 1)));
                    return context.partitionId();
                },
                (rank, result) -> {});

        assertThat(told.value()).isEqualTo(Ranks.run(Ranks.at(0, 2, 3, 1, 1), Ranks.at(1, 2, 3, 1, 1)));
    }

    @Test
    void hadoopsConfigurationArrives() {
        Configuration conf = new Configuration(false);
        conf.set("fs.some.key", "a value");
        Broadcast<SerializableConfiguration> hadoop = sc.broadcast(new SerializableConfiguration(conf));

        assertThat(BarrierJob.run(
                        sc,
                        sc.parallelize(List.of(), 1),
                        (context, none) -> hadoop.value().value().get("fs.some.key"),
                        (rank, result) -> {}))
                .containsExactly("a value");
    }
}
