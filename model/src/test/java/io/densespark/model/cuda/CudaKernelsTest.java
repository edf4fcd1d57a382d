package io.densespark.model.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Operands.Side;
import io.densespark.model.kernels.PassAgreement;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** The passes of a GPU, on the fake one, against the CPU's; one backend for all, since to open one takes longer than a pass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CudaKernelsTest extends PassAgreement {
    private final Backend gpu;

    CudaKernelsTest() {
        super(side(LibTorch.open()), side(openFake()));
        gpu = (Backend) actual.memory();
    }

    private static Side side(Backend backend) {
        return new Side(backend, backend.kernels());
    }

    private static Backend openFake() {
        assumeTrue(FakeCuda.load(), "needs a C++ compiler");
        return Cuda.open(Device.cuda(0), Precision.FP32);
    }

    @AfterAll
    void close() {
        gpu.close();
    }
}
