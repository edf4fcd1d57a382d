package io.densespark.model.libtorch;

import io.densespark.model.kernels.Backend;
import io.densespark.model.replica.BfloatAgreement;
import io.densespark.model.tensor.Precision;

/** On the CPU. */
class CpuBfloatReplicaTest extends BfloatAgreement {
    @Override
    protected Backend open() {
        return LibTorch.open(Precision.BF16);
    }
}
