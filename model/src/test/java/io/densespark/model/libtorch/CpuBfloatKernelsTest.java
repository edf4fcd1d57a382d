package io.densespark.model.libtorch;

import io.densespark.model.cpu.AccumulatorPlaces;
import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Operands.Side;
import io.densespark.model.kernels.PassAgreement;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Precision;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** The CPU's passes on maps of bfloat16 against those on the same numbers as floats. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CpuBfloatKernelsTest extends PassAgreement {
    /** To the nearest of 8 bits of mantissa. */
    private static final double ROUNDING = 0x1p-8;

    private final Backend cpu;

    CpuBfloatKernelsTest() {
        super(ofFloats(), ofBfloat());
        cpu = (Backend) actual.memory();
    }

    private static Side ofFloats() {
        Backend cpu = LibTorch.open();
        return new Side(cpu, cpu.kernels());
    }

    private static Side ofBfloat() {
        Backend cpu = LibTorch.open(Precision.BF16);
        return new Side(cpu, cpu.kernels(), ElementType.BFLOAT16, AccumulatorPlaces::index);
    }

    @Override
    protected double ofLibrarysGradients() {
        return ROUNDING;
    }

    @Override
    protected double ofLibrarysPieces() {
        return ROUNDING;
    }

    @AfterAll
    void close() {
        cpu.close();
    }
}
