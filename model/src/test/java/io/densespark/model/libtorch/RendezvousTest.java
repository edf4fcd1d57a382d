package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.PortRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RendezvousTest {
    private static final Duration LONG = Duration.ofMinutes(30);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static Endpoint loopback(PortRange ports) {
        return new Endpoint("127.0.0.1", ports, LONG, LONG);
    }

    private static int portOf(Rendezvous rendezvous) {
        return Integer.parseInt(rendezvous.address().replaceAll(".*:(\\d+)/.*", "$1"));
    }

    @Test
    void theStoreListensOnTheGivenAddressOnly() throws Exception {
        try (Rendezvous rendezvous = Rendezvous.serve(loopback(PortRange.ANY))) {
            assertThat(listenersOn(portOf(rendezvous))).containsExactly("0100007F");
        }
    }

    @Test
    void theStoreTakesTheFirstFreePortOfTheRange() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            int first = taken.getLocalPort();
            PortRange ports = new PortRange(first, first + 20);
            try (Rendezvous rendezvous = Rendezvous.serve(loopback(ports));
                    Rendezvous peer = Rendezvous.connect(rendezvous.address(), LONG, LONG)) {
                assertThat(portOf(rendezvous)).isBetween(first + 1, first + 20);
                assertThat(peer.address()).isEqualTo(rendezvous.address());
            }
        }
    }

    @Test
    void aRangeWithoutAFreePortIsNamedWithTheAddress() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> Rendezvous.serve(loopback(new PortRange(port, port))))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("can't listen on 127.0.0.1 at " + port + "-" + port);
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNamed() {
        assertThatThrownBy(() -> Rendezvous.serve(new Endpoint("203.0.113.7", PortRange.ANY, LONG, LONG)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("can't listen on 203.0.113.7")
                .hasMessageContaining("an address of this machine");
    }

    /** Were the connection tried again until the timeout, this would take half an hour. */
    @Test
    @Timeout(120)
    void aRendezvousThatNobodyServesIsKnownAtOnce() {
        assertThatThrownBy(() -> Rendezvous.connect("127.0.0.1:1/x", LONG, LONG))
                .isInstanceOf(PeerLostException.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageContaining("refused")
                .hasMessageContaining("firewall");
    }

    /** Linux drops new connections to a listener whose queue is full, as a firewall would. */
    @Test
    @Timeout(120)
    void aRendezvousThatDoesNotAnswerIsGivenUpAfterTheTimeToConnect() throws Exception {
        List<Socket> queue = new ArrayList<>();
        try (ServerSocket silent = new ServerSocket(0, 1, LOOPBACK)) {
            InetSocketAddress address = new InetSocketAddress(LOOPBACK, silent.getLocalPort());
            while (connects(address, queue)) {
                assertThat(queue).hasSizeLessThan(100);
            }
            assertThatThrownBy(() -> Rendezvous.connect(
                            "127.0.0.1:" + silent.getLocalPort() + "/x", Duration.ofSeconds(1), LONG))
                    .isInstanceOf(PeerLostException.class)
                    .hasMessageContaining("127.0.0.1:" + silent.getLocalPort())
                    .hasMessageContaining("no answer within 1 s")
                    .hasMessageContaining("a firewall drops");
        } finally {
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    private static boolean connects(InetSocketAddress address, List<Socket> queue) throws IOException {
        Socket socket = new Socket();
        queue.add(socket);
        try {
            socket.connect(address, 500);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static List<String> listenersOn(int port) throws IOException {
        String hex = String.format(Locale.ROOT, ":%04X", port);
        return Stream.concat(
                        Files.readAllLines(Path.of("/proc/self/net/tcp")).stream(),
                        Files.readAllLines(Path.of("/proc/self/net/tcp6")).stream())
                .map(line -> line.trim().split("\\s+", -1))
                .filter(columns -> columns[3].equals("0A") && columns[1].endsWith(hex))
                .map(columns -> columns[1].substring(0, columns[1].indexOf(':')))
                .toList();
    }
}
