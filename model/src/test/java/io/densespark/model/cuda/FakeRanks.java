package io.densespark.model.cuda;

import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PortRange;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.GlooProcessGroup;
import io.densespark.model.libtorch.Rendezvous;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ranks as threads of this process, with a fake GPU each, and what a rank in a process of its own needs. */
final class FakeRanks {
    private static final Duration CONNECT = Duration.ofSeconds(30);

    private final CompletableFuture<String> address = new CompletableFuture<>();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final Duration timeout;

    /** @param timeout of sums on GPUs; those in main memory wait longer */
    FakeRanks(Duration timeout) {
        this.timeout = timeout;
    }

    /** What a rank does once it has joined. */
    @FunctionalInterface
    interface Rank<T> {
        T run(ProcessGroup group, Backend gpu) throws Exception;
    }

    /** Starts ranks; each is done when it has left the group. */
    @SafeVarargs
    final <T> List<Future<T>> start(Rank<T>... ranks) {
        ExecutorService threads = Executors.newFixedThreadPool(ranks.length);
        List<Future<T>> results = new ArrayList<>();
        for (int rank = 0; rank < ranks.length; rank++) {
            int number = rank;
            Rank<T> body = ranks[rank];
            results.add(threads.submit(() -> number == 0
                    ? serve(ranks.length, body)
                    : connect(address.get(), number, ranks.length, Device.cuda(number), timeout, body)));
        }
        threads.shutdown();
        return results;
    }

    /** Where rank 0 can be found, once it is there. */
    String address() throws Exception {
        return address.get();
    }

    /** Asks rank 0 to stop. */
    void cancelRankZero() {
        cancelled.set(true);
    }

    /** Rank 0, in this thread. */
    <T> T serve(int worldSize, Rank<T> body) throws Exception {
        try (Rendezvous rendezvous = Rendezvous.serve(endpoint(CONNECT))) {
            address.complete(rendezvous.address());
            return join(rendezvous, 0, worldSize, Device.cuda(0), timeout, cancelled, body);
        }
    }

    static <T> T connect(String address, int rank, int worldSize, Device device, Duration timeout, Rank<T> body)
            throws Exception {
        try (Rendezvous rendezvous = Rendezvous.connect(address, CONNECT, CONNECT)) {
            return join(rendezvous, rank, worldSize, device, timeout, new AtomicBoolean(), body);
        }
    }

    private static <T> T join(
            Rendezvous rendezvous,
            int rank,
            int worldSize,
            Device device,
            Duration timeout,
            AtomicBoolean cancelled,
            Rank<T> body)
            throws Exception {
        try (Backend gpu = Cuda.open(device, Precision.FP32);
                ProcessGroup group = NcclGroup.join(
                        GlooProcessGroup.join(rendezvous, rank, worldSize, endpoint(CONNECT), () -> false),
                        endpoint(timeout),
                        gpu,
                        cancelled::get)) {
            return body.run(group, gpu);
        }
    }

    private static Endpoint endpoint(Duration timeout) {
        return new Endpoint("127.0.0.1", PortRange.ANY, CONNECT, timeout);
    }
}
