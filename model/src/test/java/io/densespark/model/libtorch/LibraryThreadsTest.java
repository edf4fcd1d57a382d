package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Operands;
import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.lang.management.ManagementFactory;
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
    private static final ImageShape IMAGE = new ImageShape(32, 32);

    @Test
    void aProductOnOneWorkerTakesNoMoreProcessorTimeThanTime() throws Exception {
        assertThat(processorTimeOverTime((kernels, operands) -> {
                    Matrix z = operands.matrix(ROWS, INPUTS, false, u -> u);
                    Matrix y = operands.matrix(ROWS, OUTPUTS, false, u -> u);
                    Vector weight = operands.floatVector(OUTPUTS * INPUTS);
                    return () -> kernels.multiply(z, weight, y);
                }))
                .isLessThanOrEqualTo(1.1);
    }

    @Test
    void aConvolutionOnOneWorkerTakesNoMoreProcessorTimeThanTime() throws Exception {
        assertThat(processorTimeOverTime((kernels, operands) -> {
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
     * Of the whole process, so that a library's own threads count. The JVM's compilers count too: the least of several
     * tries is one without them.
     */
    private static double processorTimeOverTime(Work work) throws InterruptedException, ExecutionException {
        Backend backend = LibTorch.open(Device.CPU);
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try (Operands operands = new Operands(LibTorch.open(Device.CPU))) {
            return worker.submit(() -> {
                        backend.enterThread();
                        Runnable pass = work.of(backend.kernels(), operands);
                        double least = Double.POSITIVE_INFINITY;
                        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                            long processor = process.getProcessCpuTime();
                            long start = System.nanoTime();
                            repeat(pass);
                            long end = System.nanoTime();
                            least = Math.min(least, (double) (process.getProcessCpuTime() - processor) / (end - start));
                        }
                        return least;
                    })
                    .get();
        } finally {
            worker.shutdownNow();
        }
    }

    private static void repeat(Runnable pass) {
        for (int i = 0; i < REPETITIONS; i++) {
            pass.run();
        }
    }
}
