package io.densespark.spark.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keeps Spark itself from starting. */
class SparkStartTest {
    private static Consumer<SparkConf> local(String key, String value) {
        return conf -> conf.setMaster("local[1]")
                .setAppName("start")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set(key, value);
    }

    @ParameterizedTest
    @CsvSource({
        "spark.master, there, Could not parse Master URL",
        "spark.serializer, foo.Bar, there is no class foo.Bar",
        "spark.extraListeners, foo.Listener, foo.Listener"
    })
    void aSettingThatSparkCannotUseIsNamed(String key, String value, String words) {
        assertThatThrownBy(() -> SparkStart.start(local(key, value)).close())
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("Spark can't start with its settings (")
                .hasMessageContaining(words);
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Consumer<SparkConf> settings =
                    local("spark.driver.port", port).andThen(conf -> conf.set("spark.port.maxRetries", "0"));

            assertThatThrownBy(() -> SparkStart.start(settings).close())
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("Service 'sparkDriver' failed")
                    .hasMessageContaining(port);
        }
    }

    @Test
    void whatAJobRefusesBeforeSparkStartsIsRefusedAsItIs() {
        assertThatThrownBy(() -> SparkStart.start(conf -> {
                    throw new JobException("no");
                }))
                .isInstanceOf(JobException.class)
                .hasMessage("no");
    }
}
