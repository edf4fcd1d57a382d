package io.densespark.spark.rank;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.collective.PortRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeersTest {
    private static final Peers PEERS = new Peers(
            List.of("node-1", "node-1", "node-2", "node-3"), List.of("10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.22"));

    @Test
    void theOthersAreDescribedByHost() {
        assertThat(PEERS.conflict()).isEmpty();
        assertThat(PEERS.describeWithout(2)).isEqualTo("node-1 10.0.0.1 (ranks 0, 1), node-3 10.0.0.22 (rank 3)");
        assertThat(PEERS.describeWithout(0))
                .isEqualTo("node-1 10.0.0.1 (rank 1), node-2 10.0.0.2 (rank 2), node-3 10.0.0.22 (rank 3)");
        assertThat(new Peers(List.of("10.0.0.1", "10.0.0.2"), List.of("10.0.0.1", "10.0.0.2")).describeWithout(0))
                .isEqualTo("10.0.0.2 (rank 1)");
    }

    @Test
    void theHostBehindAnAddressInAMessageIsNamed() {
        assertThat(PEERS.named("Connection closed by peer [10.0.0.22]:4711"))
                .isEqualTo("Connection closed by peer [10.0.0.22]:4711; 10.0.0.22 is host node-3 (rank 3)");
        assertThat(PEERS.named("no rendezvous at 10.0.0.1:4711")).endsWith("; 10.0.0.1 is host node-1 (ranks 0, 1)");
        assertThat(new Peers(List.of("a", "b"), List.of("fd00:0:0:0:0:0:0:1", "fd00:0:0:0:0:0:0:2"))
                        .named("closed by [fd00::2]:4711"))
                .endsWith("; fd00::2 is host b (rank 1)");
    }

    @Test
    void aMessageThatNamesNoPeerIsLeftAsItIs() {
        assertThat(PEERS.named("Timed out waiting 1000ms")).isEqualTo("Timed out waiting 1000ms");
        assertThat(PEERS.named("[110.0.0.1]:4711")).isEqualTo("[110.0.0.1]:4711");
        assertThat(new Peers(List.of(), List.of()).named("10.0.0.1:1")).isEqualTo("10.0.0.1:1");
    }

    @Test
    void aHostWithMoreReplicasThanPortsIsNamed() {
        assertThat(PEERS.tooFew(PortRange.ANY)).isEmpty();
        assertThat(PEERS.tooFew(new PortRange(40000, 40003))).isEmpty();
        assertThat(PEERS.tooFew(new PortRange(40000, 40001))).hasValueSatisfying(text -> assertThat(text)
                .contains("host node-1 needs 4 ports", "two of rank 0's", "port-range 40000-40001 has 2"));
        assertThat(new Peers(List.of("a", "b", "b"), List.of("10.0.0.1", "10.0.0.2", "10.0.0.2"))
                        .tooFew(new PortRange(40000, 40000)))
                .hasValueSatisfying(text -> assertThat(text).startsWith("host a needs 3 ports"));
    }

    @Test
    void addressesOfTwoKindsAreNamed() {
        assertThat(new Peers(List.of("node-1", "node-2"), List.of("10.0.0.1", "fd00::2")).conflict())
                .hasValueSatisfying(text ->
                        assertThat(text).contains("host node-1 has the address 10.0.0.1", "node-2 fd00::2", "IPv6"));
    }
}
