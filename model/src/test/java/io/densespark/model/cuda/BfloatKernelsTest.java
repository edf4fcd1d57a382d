package io.densespark.model.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Operands.Side;
import io.densespark.model.kernels.PassAgreement;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Precision;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** The passes of a GPU on maps of bfloat16, on the fake one, against the CPU's on the same numbers as floats. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class BfloatKernelsTest extends PassAgreement {
    /** To the nearest of 8 bits of mantissa. */
    private static final double ROUNDING = 0x1p-8;

    private final Backend gpu;

    BfloatKernelsTest() {
        super(ofCpu(), ofFake());
        gpu = (Backend) actual.memory();
    }

    private static Side ofCpu() {
        Backend cpu = LibTorch.open();
        return new Side(cpu, cpu.kernels());
    }

    private static Side ofFake() {
        assumeTrue(FakeCuda.load(), "needs a C++ compiler");
        Backend gpu = Cuda.open(Device.cuda(0), Precision.BF16);
        return new Side(gpu, gpu.kernels(), ElementType.BFLOAT16);
    }

    @Override
    protected double ofLibrarysGradients() {
        return ROUNDING;
    }

    @AfterAll
    void close() {
        gpu.close();
    }
}
