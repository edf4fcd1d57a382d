package io.densespark.spark.rank;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;

/** What this machine knows of addresses. Tests have others. */
interface Machine {
    /** The machine on which this process runs. */
    Machine THIS = new Machine() {
        @Override
        public Optional<String> configured() {
            return Optional.ofNullable(System.getenv("SPARK_LOCAL_IP")).filter(address -> !address.isBlank());
        }

        @Override
        public List<InetAddress> resolve(String host) {
            try {
                return List.of(InetAddress.getAllByName(host));
            } catch (IOException e) {
                return List.of();
            }
        }

        @Override
        public boolean owns(InetAddress address) {
            try {
                return NetworkInterface.getByInetAddress(address) != null;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public Optional<InetAddress> routeTo(InetAddress peer) {
            // Connecting a datagram socket sends nothing: the kernel only looks up the way.
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(new InetSocketAddress(peer, 9));
                return Optional.of(socket.getLocalAddress());
            } catch (IOException | RuntimeException e) {
                return Optional.empty();
            }
        }
    };

    /** The address that Spark's environment gives this machine, if it does. */
    Optional<String> configured();

    /** The addresses that a name has here; none if it has none. */
    List<InetAddress> resolve(String host);

    /** Whether a socket can be bound to it here. */
    boolean owns(InetAddress address);

    /** The address that this machine has on its way to another. */
    Optional<InetAddress> routeTo(InetAddress peer);
}
