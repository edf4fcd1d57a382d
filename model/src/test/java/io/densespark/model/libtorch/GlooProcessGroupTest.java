package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.kernels.Backend;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Two ranks as two threads of one process. */
class GlooProcessGroupTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private final AtomicBoolean cancelled = new AtomicBoolean();

    private interface Rank<T> {
        T run(ProcessGroup group) throws Exception;
    }

    private <T> List<Future<T>> twoRanks(Rank<T> zero, Rank<T> one) {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CompletableFuture<String> address = new CompletableFuture<>();
        Future<T> first = threads.submit(() -> {
            try (Rendezvous rendezvous = Rendezvous.serve("127.0.0.1", TIMEOUT)) {
                address.complete(rendezvous.address());
                return join(rendezvous, 0, zero);
            }
        });
        Future<T> second = threads.submit(() -> {
            try (Rendezvous rendezvous = Rendezvous.connect(address.get(), TIMEOUT)) {
                return join(rendezvous, 1, one);
            }
        });
        threads.shutdown();
        return List.of(first, second);
    }

    private <T> T join(Rendezvous rendezvous, int rank, Rank<T> body) throws Exception {
        try (ProcessGroup group =
                GlooProcessGroup.join(rendezvous, rank, 2, "127.0.0.1", TIMEOUT, () -> rank == 0 && cancelled.get())) {
            return body.run(group);
        }
    }

    @Test
    void bothRanksGetTheSumOfTheirVectors() throws Exception {
        Rank<float[]> body = group -> {
            Backend backend = LibTorch.open(Device.CPU);
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
                .hasMessageContaining("a rank was lost");
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
    void theStoreListensOnTheGivenAddressOnly() throws Exception {
        try (Rendezvous rendezvous = Rendezvous.serve("127.0.0.1", TIMEOUT)) {
            String port = rendezvous.address().replaceAll(".*:(\\d+)/.*", "$1");
            assertThat(listenersOn(Integer.parseInt(port))).containsExactly("0100007F");
        }
    }

    @Test
    void aRendezvousThatNobodyServesIsALostPeer() {
        assertThatThrownBy(() -> Rendezvous.connect("127.0.0.1:1/x", Duration.ofSeconds(1)))
                .isInstanceOf(PeerLostException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    private static List<String> listenersOn(int port) throws IOException {
        String hex = String.format(Locale.ROOT, ":%04X", port);
        return java.util.stream.Stream.concat(
                        Files.readAllLines(Path.of("/proc/self/net/tcp")).stream(),
                        Files.readAllLines(Path.of("/proc/self/net/tcp6")).stream())
                .map(line -> line.trim().split("\\s+", -1))
                .filter(columns -> columns[3].equals("0A") && columns[1].endsWith(hex))
                .map(columns -> columns[1].substring(0, columns[1].indexOf(':')))
                .toList();
    }
}
