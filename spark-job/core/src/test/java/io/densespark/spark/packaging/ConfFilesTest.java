package io.densespark.spark.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.ConfigEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The properties and the pod template of {@code conf}, by the classes with which Spark 3.5 reads them. */
class ConfFilesTest {
    private static final Path CONF = Path.of("..", "..", "conf");
    private static final String STANDALONE = "spark-standalone.conf";
    private static final String YARN = "spark-yarn.conf";
    private static final String KUBERNETES = "spark-kubernetes.conf";

    /** A setting, also one that waits behind a '#' for those who need it. */
    private static final Pattern SETTING = Pattern.compile("#?(spark\\.\\S+) +(\\S+)");

    private static final Pattern FAMILY = Pattern.compile("spark\\.(executorEnv|yarn\\.appMasterEnv)\\.[A-Z_]+"
            + "|spark\\.(executor|task)\\.resource\\.gpu\\.(amount|vendor|discoveryScript)");

    @BeforeAll
    static void letSparkDeclareItsSettings() throws ClassNotFoundException {
        for (String declarations : List.of(
                "org.apache.spark.internal.config.package$",
                "org.apache.spark.internal.config.Network$",
                "org.apache.spark.deploy.yarn.config.package$",
                "org.apache.spark.deploy.k8s.Config$")) {
            Class.forName(declarations);
        }
    }

    private static Map<String, String> settings(String file) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (String line : Files.readAllLines(CONF.resolve(file))) {
            Matcher setting = SETTING.matcher(line);
            if (setting.matches()) {
                assertThat(settings.put(setting.group(1), setting.group(2)))
                        .as(line)
                        .isNull();
            } else {
                assertThat(line).matches("(#( |$).*)?");
            }
        }
        return settings;
    }

    @ParameterizedTest
    @ValueSource(strings = {STANDALONE, YARN, KUBERNETES})
    void sparkKnowsEverySettingAndTakesItsValue(String file) throws IOException {
        SparkConf conf = new SparkConf(false);
        Map<String, String> settings = settings(file);
        settings.forEach(conf::set);
        for (String key : settings.keySet()) {
            if (FAMILY.matcher(key).matches()) {
                continue;
            }
            ConfigEntry<?> entry = ConfigEntry.findEntry(key);
            assertThat(entry).as(key).isNotNull();
            assertThatCode(() -> conf.get(entry)).as(key).doesNotThrowAnyException();
        }
        assertThat(settings).hasSizeGreaterThan(10);
    }

    /** What is said for all clusters is said the same way in each file. */
    @Test
    void theFilesAgree() throws IOException {
        Map<String, String> yarn = settings(YARN);
        for (String file : List.of(STANDALONE, KUBERNETES)) {
            Map<String, String> shared = settings(file);
            shared.keySet().retainAll(yarn.keySet());
            shared.remove("spark.executor.resource.gpu.discoveryScript");
            shared.forEach(
                    (key, value) -> assertThat(value).as(file + " " + key).isEqualTo(yarn.get(key)));
        }
    }

    @Test
    void thePodTemplateIsAPodWhoseExecutorHasAGpu() throws IOException {
        Map<String, String> settings = settings(KUBERNETES);
        Path template = CONF.resolveSibling(settings.get("spark.kubernetes.executor.podTemplateFile"));
        try (InputStream in = Files.newInputStream(template)) {
            Pod pod = Serialization.unmarshal(in, Pod.class);

            List<Container> containers = pod.getSpec().getContainers();
            assertThat(containers).hasSize(1);
            assertThat(containers.get(0).getName())
                    .isEqualTo(settings.get("spark.kubernetes.executor.podTemplateContainerName"));
            assertThat(containers.get(0).getResources().getLimits())
                    .containsOnly(Map.entry(
                            settings.get("spark.executor.resource.gpu.vendor") + "/gpu",
                            new Quantity(settings.get("spark.executor.resource.gpu.amount"))));
            assertThat(pod.getSpec().getTolerations()).hasSize(1);
        }
    }
}
