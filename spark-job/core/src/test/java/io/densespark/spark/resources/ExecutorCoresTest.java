package io.densespark.spark.resources;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutorCoresTest {
    @ParameterizedTest(name = "{0}, executor cores {1}, at most {2}: {3}")
    @CsvSource({
        "local, , , 1",
        "local[3], , , 3",
        "local[3], 5, , 3",
        "local[*], , , 16",
        "'local[4, 2]', , , 4",
        "'local-cluster[2,3,1024]', , , 3",
        "'local-cluster[2,3,1024]', 1, , 1",
        "spark://host:7077, , , 16",
        "spark://host:7077, , 6, 6",
        "spark://host:7077, 4, 8, 4",
        "yarn, , , 1",
        "yarn, 5, , 5",
        "k8s://https://host, , , 1",
        "k8s://https://host, 7, , 7",
    })
    void theSettingsDecideAndOtherwiseTheMachine(String master, String executorCores, String most, int cores) {
        SparkConf conf = new SparkConf(false).set("spark.master", master);
        if (executorCores != null) {
            conf.set("spark.executor.cores", executorCores);
        }
        if (most != null) {
            conf.set("spark.cores.max", most);
        }
        assertThat(ExecutorCores.of(conf, 16)).isEqualTo(cores);
    }
}
