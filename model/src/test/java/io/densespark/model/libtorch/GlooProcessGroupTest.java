package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.PortRange;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.kernels.Backend;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Two ranks as two threads of one process. */
class GlooProcessGroupTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Endpoint LOOPBACK = new Endpoint("127.0.0.1", PortRange.ANY, TIMEOUT, TIMEOUT);

    private Endpoint endpoint = LOOPBACK;
    private final AtomicBoolean cancelled = new AtomicBoolean();

    private interface Rank<T> {
        T run(ProcessGroup group) throws Exception;
    }

    private <T> List<Future<T>> twoRanks(Rank<T> zero, Rank<T> one) {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CompletableFuture<String> address = new CompletableFuture<>();
        Future<T> first = threads.submit(() -> {
            try (Rendezvous rendezvous = Rendezvous.serve(endpoint)) {
                address.complete(rendezvous.address());
                return join(rendezvous, 0, zero);
            }
        });
        Future<T> second = threads.submit(() -> {
            try (Rendezvous rendezvous = Rendezvous.connect(address.get(), TIMEOUT, TIMEOUT)) {
                return join(rendezvous, 1, one);
            }
        });
        threads.shutdown();
        return List.of(first, second);
    }

    private <T> T join(Rendezvous rendezvous, int rank, Rank<T> body) throws Exception {
        try (ProcessGroup group =
                GlooProcessGroup.join(rendezvous, rank, 2, endpoint, () -> rank == 0 && cancelled.get())) {
            return body.run(group);
        }
    }

    @Test
    void bothRanksGetTheSumOfTheirVectors() throws Exception {
        Rank<float[]> body = group -> {
            Backend backend = LibTorch.open();
            try (Storage storage = backend.allocate(ElementType.FLOAT, 5)) {
                Vector vector = new Vector(storage, 1, 3);
                new Vector(storage, 0, 5).set(new float[] {9, group.rank() + 1, 2, 0.5f, 9});
                group.sum(vector);
                return new Vector(storage, 0, 5).toFloats();
            }
        };
        for (Future<float[]> result : twoRanks(body, body)) {
            assertThat(result.get()).containsExactly(9, 3, 4, 1, 9);
        }
    }

    @Test
    void bothRanksGetTheSumOfTheirDoubles() throws Exception {
        Rank<double[]> body = group -> group.sum(new double[] {group.rank(), 1e-300});
        for (Future<double[]> result : twoRanks(body, body)) {
            assertThat(result.get()).containsExactly(1, 2e-300);
        }
    }

    @Test
    void aRankThatLeavesShowsAsALostPeer() {
        List<Future<double[]>> results = twoRanks(group -> group.sum(new double[] {1}), group -> new double[0]);
        assertThatThrownBy(() -> results.get(0).get())
                .hasCauseInstanceOf(PeerLostException.class)
                .hasMessageContaining("a rank was lost")
                .hasMessageContaining("[127.0.0.1]:");
    }

    @Test
    void aCancelledTaskStopsWaitingForItsPeers() {
        CompletableFuture<Void> release = new CompletableFuture<>();
        List<Future<double[]>> results = twoRanks(
                group -> {
                    try {
                        cancelled.set(true);
                        return group.sum(new double[] {1});
                    } finally {
                        release.complete(null);
                    }
                },
                group -> {
                    release.get();
                    return new double[0];
                });
        assertThatThrownBy(() -> results.get(0).get())
                .hasCauseInstanceOf(PeerLostException.class)
                .hasMessageContaining("asked to stop");
    }

    @Test
    void aRankThatComesLateToASumIsWaitedForLongerThanOneThatConnects() throws Exception {
        endpoint = new Endpoint("127.0.0.1", PortRange.ANY, Duration.ofSeconds(5), Duration.ofMinutes(2));
        Rank<double[]> late = group -> {
            Thread.sleep(7000);
            return group.sum(new double[] {2});
        };
        for (Future<double[]> result : twoRanks(group -> group.sum(new double[] {1}), late)) {
            assertThat(result.get()).containsExactly(3);
        }
    }

    @Test
    void ranksMeetInARangeOfPortsAndOverIpv6() throws Exception {
        PortRange kernels = GlooDevice.kernelsChoice();
        int half = (kernels.first() + kernels.last()) / 2;
        PortRange ports = new PortRange(kernels.first(), half);
        for (String address : List.of("127.0.0.1", "::1")) {
            if (NetworkInterface.getByInetAddress(InetAddress.getByName(address)) != null) {
                endpoint = new Endpoint(address, ports, TIMEOUT, TIMEOUT);
                Rank<double[]> body = group -> group.sum(new double[] {group.rank() + 1});
                for (Future<double[]> result : twoRanks(body, body)) {
                    assertThat(result.get()).containsExactly(3);
                }
            }
        }
    }

    @Test
    void aRankWhosePeersDoNotJoinNamesItsAddressAndTheLimit() {
        endpoint = new Endpoint("127.0.0.1", PortRange.ANY, Duration.ofSeconds(1), Duration.ofMinutes(30));
        try (Rendezvous rendezvous = Rendezvous.serve(endpoint)) {
            assertThatThrownBy(() -> GlooProcessGroup.join(rendezvous, 0, 2, endpoint, () -> false))
                    .isInstanceOf(PeerLostException.class)
                    .hasMessageContaining("rank 0 at 127.0.0.1:")
                    .hasMessageContaining("(limit 1 s)")
                    .hasMessageContaining("firewall");
        }
    }
}
