package io.densespark.model.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.densespark.model.collective.PeerLostException;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.io.BufferedReader;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rank 0 in this process and rank 1 in another. */
@Tag("slow")
class NcclProcessesTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void needsTheFake() {
        assumeTrue(FakeCuda.load(), "needs a C++ compiler");
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void aKilledProcessIsNamedLongBeforeTheTimeout() throws Exception {
        long[] killedAt = new long[1];
        assertThatThrownBy(() -> sumWith(Duration.ofMinutes(2), process -> {
                    killedAt[0] = System.nanoTime();
                    process.destroyForcibly();
                }))
                .isInstanceOf(PeerLostException.class)
                .hasMessage("a rank was lost: rank 1 has left the group, or its process has ended");
        assertThat(Duration.ofNanos(System.nanoTime() - killedAt[0])).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aFrozenProcessIsNamedAtTheTimeout() {
        assertThatThrownBy(() -> sumWith(Duration.ofSeconds(4), process -> new ProcessBuilder(
                                "kill", "-STOP", String.valueOf(process.pid()))
                        .start()
                        .waitFor()))
                .isInstanceOf(PeerLostException.class)
                .hasMessage("a rank was lost: rank 1 is silent: its process is frozen, or its host unreachable "
                        + "(limit 4 s)");
    }

    @FunctionalInterface
    private interface Blow {
        void strike(Process process) throws Exception;
    }

    /** Makes a sum with another process, and one more while that is struck. */
    private void sumWith(Duration timeout, Blow blow) throws Exception {
        FakeRanks ranks = new FakeRanks(timeout);
        Future<Process> other =
                threads.submit(() -> NcclRankProcess.start(FakeCuda.build().orElseThrow(), ranks.address()));
        try {
            ranks.serve(2, (group, gpu) -> {
                try (Storage storage = gpu.allocate(ElementType.FLOAT, 3);
                        BufferedReader output = other.get().inputReader()) {
                    Vector vector = new Vector(storage, 0, 3);
                    vector.set(new float[] {10, 20, 0.5f});
                    group.sum(vector);
                    assertThat(vector.toFloats()).containsExactly(11, 22, 0.75f);
                    String line = output.readLine();
                    while (!line.startsWith(NcclRankProcess.SUM)) {
                        line = output.readLine();
                    }
                    assertThat(line).endsWith("[11.0, 22.0, 0.75]");
                    Future<?> struck = threads.submit(() -> {
                        // By then the sum waits; were it late, it would end the same.
                        TimeUnit.MILLISECONDS.sleep(300);
                        blow.strike(other.get());
                        return null;
                    });
                    try {
                        group.sum(vector);
                    } finally {
                        struck.get();
                    }
                }
                return null;
            });
        } finally {
            other.get().destroyForcibly().waitFor();
        }
    }
}
