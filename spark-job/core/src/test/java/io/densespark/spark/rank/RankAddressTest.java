package io.densespark.spark.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RankAddressTest {
    /** A machine of which all is written down here. */
    private static final class Written implements Machine {
        private final Map<String, List<InetAddress>> names = new HashMap<>();
        private final Map<InetAddress, InetAddress> routes = new HashMap<>();
        private List<InetAddress> own = List.of();
        private Optional<String> configured = Optional.empty();

        Written name(String name, String... addresses) {
            names.put(name, addresses(addresses));
            return this;
        }

        Written own(String... addresses) {
            own = addresses(addresses);
            return this;
        }

        Written route(String peer, String local) {
            routes.put(address(peer), address(local));
            return this;
        }

        Written configured(String address) {
            configured = Optional.of(address);
            return name(address, address);
        }

        @Override
        public Optional<String> configured() {
            return configured;
        }

        @Override
        public List<InetAddress> resolve(String host) {
            return names.getOrDefault(host, List.of());
        }

        @Override
        public boolean owns(InetAddress address) {
            return own.contains(address);
        }

        @Override
        public Optional<InetAddress> routeTo(InetAddress peer) {
            return Optional.ofNullable(routes.get(peer));
        }
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static List<InetAddress> addresses(String... literals) {
        return Arrays.stream(literals).map(RankAddressTest::address).toList();
    }

    private static String among(Written machine, String... others) {
        return RankAddress.choose("node-1", List.of(others), machine);
    }

    @Test
    void theAddressOfTheHostsNameIsTaken() {
        Written machine = new Written().name("node-1", "10.0.0.1").own("127.0.0.1", "10.0.0.1", "172.17.0.1");
        assertThat(among(machine, "node-2")).isEqualTo("10.0.0.1");
    }

    @Test
    void ranksOfOneHostMayMeetOnALoopbackAddress() {
        Written machine = new Written().name("node-1", "127.0.0.1").own("127.0.0.1");
        assertThat(among(machine)).isEqualTo("127.0.0.1");
        assertThat(among(machine.name("localhost", "127.0.0.1"), "localhost")).isEqualTo("127.0.0.1");
    }

    @Test
    void ranksOfOneHostMeetOnTheLoopbackAddressIfItsNameLeadsNowhereHere() {
        assertThat(among(new Written().name("node-1", "198.51.100.1"))).isEqualTo("127.0.0.1");
        assertThat(among(new Written())).isEqualTo("127.0.0.1");
    }

    /** Debian's /etc/hosts. */
    @Test
    void aNameThatIsALoopbackAddressIsReplacedByTheAddressOnTheWayToTheOthers() {
        Written machine = new Written()
                .name("node-1", "127.0.1.1")
                .name("node-2", "10.0.0.2")
                .route("10.0.0.2", "10.0.0.1")
                .own("127.0.0.1", "10.0.0.1");
        assertThat(among(machine, "node-2")).isEqualTo("10.0.0.1");
    }

    @Test
    void aPeerThatThisMachineCannotFindIsPassedOverForTheNext() {
        Written machine = new Written()
                .name("node-1", "127.0.1.1", "::1")
                .name("node-2", "127.0.1.1")
                .name("node-4", "fd00::4")
                .route("fd00::4", "fd00::1")
                .own("127.0.0.1", "fd00::1");
        assertThat(among(machine, "node-2", "node-3", "node-4")).isEqualTo("fd00:0:0:0:0:0:0:1");
    }

    @Test
    void anAddressThatIsNotThisMachinesOrOnlyOfItsLinkIsNotTaken() {
        Written machine = new Written()
                .name("node-1", "203.0.113.9", "fe80::1", "fd00::1", "10.0.0.1")
                .own("fe80::1", "fd00::1", "10.0.0.1");
        assertThat(among(machine, "node-2")).isEqualTo("fd00:0:0:0:0:0:0:1");
    }

    @Test
    void theAddressInSparksEnvironmentGoesFirstIfOthersCanReachIt() {
        Written machine = new Written().name("node-1", "10.0.0.1").own("127.0.0.1", "10.0.0.1", "192.168.7.1");
        assertThat(among(machine.configured("192.168.7.1"), "node-2")).isEqualTo("192.168.7.1");
        assertThat(among(machine.configured("127.0.0.1"), "node-2")).isEqualTo("10.0.0.1");
    }

    @Test
    void aHostThatNobodyCanReachIsNamedWithItsAddressAndTheRemedy() {
        Written machine = new Written()
                .name("node-1", "127.0.1.1")
                .name("node-2", "10.0.0.2")
                .own("127.0.0.1");
        assertThatThrownBy(() -> among(machine, "node-2"))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("host node-1 knows itself as [127.0.1.1]")
                .hasMessageContaining("on the way to [node-2]")
                .hasMessageContaining("/etc/hosts")
                .hasMessageContaining("SPARK_LOCAL_IP");
        assertThatThrownBy(() -> among(new Written(), "node-2")).hasMessageContaining("knows itself as no address");
    }

    @Test
    void thisMachineKnowsItsLoopbackAddressAndTheWayToIt() {
        InetAddress loopback = address("127.0.0.1");
        assertThat(Machine.THIS.owns(loopback)).isTrue();
        assertThat(Machine.THIS.owns(address("203.0.113.7"))).isFalse();
        assertThat(Machine.THIS.routeTo(loopback)).contains(loopback);
        assertThat(Machine.THIS.resolve("127.0.0.1")).containsExactly(loopback);
    }
}
