package io.densespark.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Places as Hadoop's own file systems refuse them. */
class PlaceTest {
    @TempDir
    private Path folder;

    private static Configuration impatient() {
        Configuration conf = new Configuration();
        conf.setInt("ipc.client.connect.max.retries", 0);
        return conf;
    }

    @Test
    void aPlaceIsGivenInFullWhetherThereIsSomethingOrNot() {
        Configuration conf = new Configuration();

        assertThat(Place.of("--save", folder.resolve("new").toString(), conf))
                .hasToString("file:" + folder.resolve("new"));
        assertThat(Place.of("--save", "file://" + folder, conf)).hasToString("file:" + folder);
        assertThat(Place.of("--save", "runs/new", conf).toString())
                .isEqualTo("file:" + Path.of("runs/new").toAbsolutePath());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hdfs://no-such-host.invalid/me/x | the host is unknown (no-such-host.invalid)",
                "hdfs://no-such-host.invalid:8020/x | the host is unknown",
                "hdfs://127.0.0.1:1/x | nothing answers at ",
                "s3a://bucket/x | --packages org.apache.hadoop:hadoop-aws:",
                "s3://bucket/x | write s3a://",
                "gs://bucket/x | gcs-connector",
                "hfds://host/x | there is no file system hfds here",
                "hdfs:///x | it can't be used (Incomplete HDFS URI, no host: hdfs:///x)",
                "hdfs: | it can't be used (java.net.URISyntaxException: Expected scheme-specific part",
                "s3a:bucket/x | it can't be used (java.net.URISyntaxException: Relative path in absolute URI",
                "'' | it can't be used (Can not create a Path from an empty string)"
            })
    void aPlaceThatCannotBeIsNamedWithItsOptionInOneLine(String place, String words) {
        assertThatThrownBy(() -> Place.of("--init", place, impatient()))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("--init " + place + ": ")
                .hasMessageContaining(words)
                .satisfies(error -> assertThat(error.getMessage()).hasLineCount(1));
    }

    /** As Java reads an argument with umlauts in the locale "C". */
    @Test
    void aPlaceThatJavaHasNotReadWholeIsRefused() {
        assertThatThrownBy(() -> Place.of("--save", folder + "/M\uFFFD\uFFFDnchen", new Configuration()))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("--save " + folder)
                .hasMessageEndingWith("set LC_ALL=C.UTF-8");
    }
}
