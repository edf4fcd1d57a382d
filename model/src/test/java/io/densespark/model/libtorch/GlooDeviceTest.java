package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PortRange;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.gloo.Device;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GlooDeviceTest {
    private static final PortRange KERNELS = GlooDevice.kernelsChoice();

    @BeforeAll
    static void load() {
        LibTorch.load();
    }

    private static Endpoint loopback(PortRange ports, Duration limit) {
        return new Endpoint("127.0.0.1", ports, limit, limit);
    }

    @Test
    void theDeviceListensOnAPortOfTheRange() throws Exception {
        int width = KERNELS.last() - KERNELS.first();
        PortRange ports = new PortRange(KERNELS.first() + width / 8, KERNELS.first() + width / 4);
        try (PointerScope scope = new PointerScope()) {
            Device device = GlooDevice.listen(loopback(ports, Duration.ofMinutes(2)));
            int port = GlooDevice.port(device);
            assertThat(port).isBetween(ports.first(), ports.last());
            assertThatCode(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void aRangeThatTheKernelDoesNotMeetIsGivenUpInTime() {
        PortRange none = new PortRange(1, 1);
        try (PointerScope scope = new PointerScope()) {
            assertThatThrownBy(() -> GlooDevice.listen(loopback(none, Duration.ofMillis(50))))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("lies in 1-1")
                    .hasMessageContaining("on 127.0.0.1")
                    .hasMessageContaining("in the lower half of " + KERNELS);
        }
    }

    @Test
    void aRangeThatTheKernelMeetsSeldomOrNeverIsRefusedBeforeAnyoneWaits() {
        PortRange kernels = new PortRange(32768, 60999);
        Map<String, Integer> portsInCommon =
                Map.of("5000-5100", 0, "50000-51000", 0, "40000-40000", 1, "46873-60999", 11);
        portsInCommon.forEach(
                (ports, common) -> assertThatThrownBy(() -> GlooDevice.requireMet(PortRange.parse(ports), kernels))
                        .isInstanceOf(ModelException.class)
                        .hasMessageContaining("one of 32768-46883")
                        .hasMessageContaining("the ports " + ports + " have " + common + ": take at least 29")
                        .hasMessageContaining("net.ipv4.ip_local_port_range"));
    }

    @Test
    void aRangeThatTheKernelMeetsIsTaken() {
        PortRange kernels = new PortRange(32768, 60999);
        for (String ports : List.of("30000-33000", "40000-40099", "40000-40028")) {
            assertThatCode(() -> GlooDevice.requireMet(PortRange.parse(ports), kernels))
                    .doesNotThrowAnyException();
        }
        for (PortRange same : List.of(new PortRange(40000, 40009), new PortRange(40000, 40001))) {
            assertThatCode(() -> GlooDevice.requireMet(same, same)).doesNotThrowAnyException();
        }
    }

    /** The device's text has its port as Gloo prints it. */
    @Test
    void portsInGloosMessagesAreThoseOnTheWire() {
        try (PointerScope scope = new PointerScope()) {
            Device device = GlooDevice.listen(loopback(PortRange.ANY, Duration.ofSeconds(30)));
            String printed =
                    device.createContext(0, 1).createPair(0)._address().str().getString();
            assertThat(GlooDevice.readable("Connection closed by peer " + printed))
                    .startsWith("Connection closed by peer [127.0.0.1]:" + GlooDevice.port(device));
        }
    }

    @Test
    void gloosPlaceInItsSourceIsLeftOut() {
        assertThat(GlooDevice.readable("[/a/gloo/transport/tcp/unbound_buffer.cc:78] Timed out waiting 1000ms"))
                .isEqualTo("Timed out waiting 1000ms");
        assertThat(GlooDevice.readable("Socket closed [::1]:256")).isEqualTo("Socket closed [::1]:1");
    }
}
