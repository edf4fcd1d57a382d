package io.densespark.spark.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkSettingsTest {
    @TempDir
    private Path folder;

    private static SparkConf conf(String key, String value) {
        return new SparkConf(false).set(key, value);
    }

    @ParameterizedTest
    @CsvSource({
        "spark.driver.maxResultSize, 2gig, Size must be specified",
        "spark.executor.memory, 2gig, Size must be specified",
        "spark.network.timeout, soon, Time must be specified",
        "spark.task.cpus, two, should be int",
        "spark.dynamicAllocation.enabled, maybe, should be boolean",
        "spark.memory.fraction, most, should be double"
    })
    void aValueThatSparkCannotReadIsNamedBeforeAnExecutorDiesOfIt(String key, String value, String words) {
        assertThatThrownBy(() -> SparkSettings.require(conf(key, value), Map.of()))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("Spark's setting " + key + " is '" + value + "', which Spark can't read (")
                .hasMessageContaining(words)
                .hasMessageContaining("--conf");
    }

    @ParameterizedTest
    @CsvSource({
        "spark.executor.memory, 2g",
        "spark.executor.memory, ${spark.of.mine}",
        "spark.nobody.knows, 2gig",
        "spark.serializer, org.apache.spark.serializer.KryoSerializer",
        "spark.hadoop.fs.defaultFS, hdfs://nn"
    })
    void otherValuesAreLeftToSpark(String key, String value) {
        assertThatCode(() -> SparkSettings.require(conf(key, value), Map.of())).doesNotThrowAnyException();
    }

    @Test
    void localFoldersAreRefusedOnlyIfNoneCanBeWritten() throws IOException {
        String file = Files.writeString(folder.resolve("file"), "no folder").toString();
        String good = folder.resolve("new").toString();

        assertThatThrownBy(() -> SparkSettings.require(conf("spark.local.dir", file + "," + file + "/below"), Map.of()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(file)
                .hasMessageContaining("spark.local.dir");
        assertThatCode(() -> SparkSettings.require(conf("spark.local.dir", file + ", " + good), Map.of()))
                .doesNotThrowAnyException();
    }

    @Test
    void theEnvironmentsLocalFoldersComeFirst() throws IOException {
        String file = Files.writeString(folder.resolve("file"), "no folder").toString();
        String good = folder.resolve("new").toString();

        assertThatThrownBy(() -> SparkSettings.require(conf("spark.local.dir", good), Map.of("SPARK_LOCAL_DIRS", file)))
                .isInstanceOf(JobException.class);
        assertThatCode(() -> SparkSettings.require(conf("spark.local.dir", file), Map.of("SPARK_LOCAL_DIRS", good)))
                .doesNotThrowAnyException();
        assertThatCode(() -> SparkSettings.require(conf("spark.local.dir", file), Map.of("CONTAINER_ID", "c1")))
                .doesNotThrowAnyException();
    }
}
