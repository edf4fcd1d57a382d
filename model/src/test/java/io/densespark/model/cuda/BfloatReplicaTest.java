package io.densespark.model.cuda;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.densespark.model.kernels.Backend;
import io.densespark.model.replica.BfloatAgreement;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the fake GPU. */
class BfloatReplicaTest extends BfloatAgreement {
    @BeforeEach
    void openTheFake() {
        assumeTrue(FakeCuda.load(), "needs a C++ compiler");
        FakeCuda.beginLate();
    }

    @AfterEach
    void closeTheFake() {
        FakeCuda.set("ASYNC", 0);
        FakeCuda.set("CAPABILITY", 90);
    }

    @Override
    protected Backend open() {
        return Cuda.open(Device.cuda(0), Precision.BF16);
    }

    @Test
    void aGpuWithoutBfloatIsRefusedWithWhatToTake() {
        FakeCuda.set("CAPABILITY", 75);

        assertThatThrownBy(() -> Cuda.open(Device.cuda(0), Precision.BF16))
                .isInstanceOf(CudaException.class)
                .hasMessage(
                        "cuda:0 has compute capability 7.5, whose products have no bfloat16: take precision tf32 or fp32, "
                                + "or a GPU of compute capability 8.0 (Ampere) or higher");
    }

    @Test
    void aGpuForWhichThereAreNoKernelsIsRefusedInAnyPrecision() {
        FakeCuda.set("CAPABILITY", 70);

        assertThatThrownBy(() -> Cuda.open(Device.cuda(0), Precision.FP32))
                .isInstanceOf(CudaException.class)
                .hasMessage("cuda:0 has compute capability 7.0, for which there are no kernels: take a GPU of compute "
                        + "capability 7.5 (Turing) or higher");
    }
}
