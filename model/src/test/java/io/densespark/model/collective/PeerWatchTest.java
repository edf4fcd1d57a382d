package io.densespark.model.collective;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three ranks that are connected and make no sums. */
class PeerWatchTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Endpoint LOOPBACK = new Endpoint("127.0.0.1", PortRange.ANY, LIMIT, LIMIT);

    private final List<PeerWatch> ranks = new ArrayList<>();

    @BeforeEach
    void connect() throws Exception {
        try (PeerConnections connections = PeerConnections.listen(LOOPBACK)) {
            SocketChannel one = PeerConnections.connect(connections.invitation(), 1, LIMIT);
            SocketChannel two = PeerConnections.connect(connections.invitation(), 2, LIMIT);
            ranks.add(PeerWatch.start(0, connections.accept(3, LIMIT, () -> false)));
            ranks.add(PeerWatch.start(1, Map.of(0, one)));
            ranks.add(PeerWatch.start(2, Map.of(0, two)));
        }
    }

    @AfterEach
    void close() {
        ranks.forEach(PeerWatch::close);
    }

    /** The limit is the test's own. */
    private static void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(10);
        }
    }

    @Test
    void aRankThatLeavesIsToldToAllOthersByRankZero() throws Exception {
        ranks.get(2).close();
        until(() -> ranks.get(1).lost().isPresent());
        assertThat(ranks.get(1).lost()).hasValue("rank 2 has left the group, or its process has ended");
        assertThat(ranks.get(0).lost()).isEqualTo(ranks.get(1).lost());
    }

    @Test
    void whoeverWaitedInVainTellsTheOthersForWhom() throws Exception {
        ranks.get(0).enter();
        ranks.get(1).enter();
        until(() -> ranks.get(1).culprit().equals("rank 2 hasn't come to this sum"));
        ranks.get(1).giveUp();
        ranks.get(1).close();
        until(() -> ranks.get(0).lost().isPresent());
        assertThat(ranks.get(0).lost()).hasValue("rank 2 didn't come to a sum in time, as another rank has found");
    }

    /** Of three other ranks, one whose process is stopped from the start: nothing comes from it, and nothing is closed. */
    @Test
    void aRankThatIsSilentForTooLongIsGivenUpByRankZeroAndTheOthersHearWhichItIs() throws Exception {
        try (PeerConnections connections = PeerConnections.listen(LOOPBACK);
                SocketChannel one = PeerConnections.connect(connections.invitation(), 1, LIMIT);
                SocketChannel stopped = PeerConnections.connect(connections.invitation(), 2, LIMIT);
                PeerWatch zero = PeerWatch.start(0, connections.accept(3, LIMIT, () -> false));
                PeerWatch other = PeerWatch.start(1, Map.of(0, one))) {
            assertThat(stopped.isOpen()).isTrue();
            Duration limit = Duration.ofSeconds(1);
            until(() -> zero.frozen(limit).isPresent());
            assertThat(zero.frozen(limit))
                    .hasValue("rank 2 has been silent for 1 s: its process is frozen, or its host unreachable");
            assertThat(other.frozen(LIMIT)).isEmpty();
            zero.close();
            until(() -> other.lost().isPresent());
            assertThat(other.givenUp()).hasValue("rank 2 didn't come to a sum in time, as another rank has found");
        }
    }

    @Test
    void ranksThatSendNothingButThatTheyLiveAreNotFrozen() throws Exception {
        Thread.sleep(1500);

        ranks.forEach(rank -> assertThat(rank.frozen(Duration.ofSeconds(1))).isEmpty());
    }

    @Test
    void whereAllHaveComeNobodyIsBlamed() throws Exception {
        ranks.forEach(PeerWatch::enter);
        until(() -> ranks.get(0).culprit().startsWith("all ranks have come"));
        until(() -> ranks.get(1).culprit().startsWith("all ranks have come"));
        assertThat(ranks.get(1).culprit()).contains("see the network between their GPUs");
    }
}
