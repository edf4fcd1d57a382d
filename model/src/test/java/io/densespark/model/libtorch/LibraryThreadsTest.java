package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Operands;
import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** A worker owns one core: what it asks of the libraries must run there and nowhere else. */
class LibraryThreadsTest {
    private static final int ROWS = 4096;
    private static final int INPUTS = 256;
    private static final int OUTPUTS = 64;
    private static final int REPETITIONS = 150;
    private static final int ATTEMPTS = 5;
    private static final List<String> OF_THE_JVM = List.of("C1 ", "C2 ", "GC ", "G1 ", "VM ");
    private static final ImageShape IMAGE = new ImageShape(32, 32);

    @Test
    void aProductOnOneWorkerTakesNoOtherThreadsTime() throws Exception {
        assertThat(processorTimeOverTheWorkers((kernels, operands) -> {
                    Matrix z = operands.matrix(ROWS, INPUTS, false, u -> u);
                    Matrix y = operands.matrix(ROWS, OUTPUTS, false, u -> u);
                    Vector weight = operands.floatVector(OUTPUTS * INPUTS);
                    return () -> kernels.multiply(z, weight, y);
                }))
                .isLessThanOrEqualTo(1.1);
    }

    @Test
    void aConvolutionOnOneWorkerTakesNoOtherThreadsTime() throws Exception {
        assertThat(processorTimeOverTheWorkers((kernels, operands) -> {
                    Matrix x = operands.matrix(4 * IMAGE.pixels(), 48, false, u -> u);
                    Vector weight = operands.floatVector(16 * 9 * 48);
                    Convolution convolution = Convolution.same(4, IMAGE, 48, 16, 3, weight);
                    return () -> kernels.convolve(convolution, x, y -> {});
                }))
                .isLessThanOrEqualTo(1.1);
    }

    private interface Work {
        Runnable of(Kernels kernels, Operands operands);
    }

    /**
     * Processor time of all threads but the JVM's own, over that of the worker. Threads of tests that ran before may still be
     * ending: the least of several tries is one without them.
     */
    private static double processorTimeOverTheWorkers(Work work) throws InterruptedException, ExecutionException {
        Backend backend = LibTorch.open();
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try (Operands operands = new Operands(LibTorch.open())) {
            return worker.submit(() -> {
                        backend.enterThread();
                        Runnable pass = work.of(backend.kernels(), operands);
                        String own = Path.of("/proc/thread-self")
                                .toRealPath()
                                .getFileName()
                                .toString();
                        double least = Double.POSITIVE_INFINITY;
                        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                            Map<String, Long> before = nanosOfThreads();
                            repeat(pass);
                            Map<String, Long> after = nanosOfThreads();
                            after.replaceAll((thread, nanos) -> nanos - before.getOrDefault(thread, 0L));
                            double all = after.values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum();
                            least = Math.min(least, all / after.get(own));
                        }
                        return least;
                    })
                    .get();
        } finally {
            worker.shutdownNow();
        }
    }

    /** By thread, without those that compile and collect garbage. */
    private static Map<String, Long> nanosOfThreads() throws IOException {
        Map<String, Long> nanos = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                try {
                    String name = Files.readString(thread.resolve("comm"));
                    if (OF_THE_JVM.stream().noneMatch(name::startsWith)) {
                        String times = Files.readString(thread.resolve("schedstat"));
                        nanos.put(
                                thread.getFileName().toString(), Long.valueOf(times.substring(0, times.indexOf(' '))));
                    }
                } catch (IOException e) {
                    // It has ended.
                }
            }
        }
        return nanos;
    }

    private static void repeat(Runnable pass) {
        for (int i = 0; i < REPETITIONS; i++) {
            pass.run();
        }
    }
}
