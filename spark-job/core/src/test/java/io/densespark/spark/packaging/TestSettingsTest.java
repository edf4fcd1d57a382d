package io.densespark.spark.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the build sets for the tests of all modules. */
@EnabledIfSystemProperty(named = "surefire.test.class.path", matches = ".+", disabledReason = "not run by Maven")
class TestSettingsTest {
    private static final String LIMIT = "junit.jupiter.execution.timeout.default";

    private final Map<String, String> settings = new HashMap<>();

    @RegisterExtension
    final BeforeEachCallback reader =
            context -> context.getConfigurationParameter(LIMIT).ifPresent(limit -> settings.put(LIMIT, limit));

    @Test
    void everyTestHasATimeLimitAndAThreadThatCanBeLeftBehind() {
        assertThat(settings.get(LIMIT)).matches("[1-9][0-9]* (s|m)");
        assertThat(Thread.currentThread().getName()).startsWith("junit-timeout-thread");
    }
}
