package io.densespark.spark.rank;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PortRange;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    @Test
    void aPeerIsGivenAMinuteToConnectAndTheWholeTimeoutLater() {
        PortRange ports = new PortRange(40000, 40999);
        Duration timeout = Duration.ofMinutes(30);
        assertThat(new Connections(timeout, Duration.ofSeconds(7), ports, false).at("10.0.0.1"))
                .isEqualTo(new Endpoint("10.0.0.1", ports, Duration.ofMinutes(1), timeout, Duration.ofSeconds(7)));
    }

    @Test
    void aShortTimeoutHoldsForConnectingToo() {
        Duration timeout = Duration.ofSeconds(5);
        assertThat(Connections.within(timeout).at("10.0.0.1"))
                .isEqualTo(new Endpoint("10.0.0.1", PortRange.ANY, timeout, timeout, Duration.ofMinutes(1)));
    }
}
