package io.densespark.model.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeerConnectionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Endpoint LOOPBACK = new Endpoint("127.0.0.1", PortRange.ANY, LIMIT, LIMIT);

    @Test
    void ranksAreKnownByTheirGreetingsAndStrangersTurnedAway() throws Exception {
        try (PeerConnections connections = PeerConnections.listen(LOOPBACK)) {
            byte[] invitation = connections.invitation();
            byte[] wrong = invitation.clone();
            wrong[0]++;
            try (Socket scanner = new Socket(InetAddress.getLoopbackAddress(), port(invitation));
                    SocketChannel stranger = PeerConnections.connect(wrong, 1, LIMIT);
                    SocketChannel two = PeerConnections.connect(invitation, 2, LIMIT);
                    SocketChannel twoAgain = PeerConnections.connect(invitation, 2, LIMIT);
                    SocketChannel one = PeerConnections.connect(invitation, 1, LIMIT)) {
                scanner.shutdownOutput();

                Map<Integer, SocketChannel> accepted = connections.accept(3, LIMIT, () -> false);

                assertThat(accepted).containsOnlyKeys(1, 2);
                assertThat(accepted.get(1).getRemoteAddress()).isEqualTo(one.getLocalAddress());
                assertThat(accepted.get(2).getRemoteAddress()).isEqualTo(two.getLocalAddress());
                assertThat(stranger.read(ByteBuffer.allocate(1))).isNegative();
                assertThat(twoAgain.read(ByteBuffer.allocate(1))).isNegative();
                for (SocketChannel channel : accepted.values()) {
                    channel.close();
                }
            }
        }
    }

    private static int port(byte[] invitation) {
        return ByteBuffer.wrap(invitation).getChar(16);
    }

    @Test
    void ranksThatDoNotComeAreNamed() throws Exception {
        try (PeerConnections connections = PeerConnections.listen(LOOPBACK);
                SocketChannel two = PeerConnections.connect(connections.invitation(), 2, LIMIT)) {
            assertThat(two.isConnected()).isTrue();
            assertThatThrownBy(() -> connections.accept(4, Duration.ofMillis(300), () -> false))
                    .isInstanceOf(PeerLostException.class)
                    .hasMessageContaining("no connection to rank 0")
                    .hasMessageContaining("from rank 1, rank 3: see");
        }
    }

    @Test
    void aCancelledTaskStopsWaitingForRanks() throws Exception {
        try (PeerConnections connections = PeerConnections.listen(LOOPBACK)) {
            assertThatThrownBy(() -> connections.accept(2, LIMIT, () -> true))
                    .isInstanceOf(PeerLostException.class)
                    .hasMessageContaining("asked to stop");
        }
    }

    @Test
    void aRankZeroThatIsGoneIsNamedByItsAddress() throws Exception {
        byte[] invitation;
        try (PeerConnections connections = PeerConnections.listen(LOOPBACK)) {
            invitation = connections.invitation();
        }
        assertThatThrownBy(() -> PeerConnections.connect(invitation, 1, LIMIT))
                .isInstanceOf(PeerLostException.class)
                .hasMessageContaining("rank 0 at 127.0.0.1:" + port(invitation) + " doesn't answer");
    }
}
