package io.densespark.model.libtorch;

import static io.densespark.model.kernels.Operands.requireAgreement;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Moments;
import io.densespark.model.kernels.Operands;
import io.densespark.model.kernels.Operands.Side;
import io.densespark.model.kernels.PassAgreement;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Java's passes against the library's. */
class CpuKernelsTest extends PassAgreement {
    private static final double IN_DOUBLE = 1e-12;

    private final Side library = expected;
    private final Side java = actual;

    CpuKernelsTest() {
        super(side(new AtenKernels()), side(LibTorch.open().kernels()));
    }

    private static Side side(Kernels kernels) {
        return new Side(LibTorch.open(), kernels);
    }

    @ParameterizedTest(name = "{0} x {1}, strided: {2}")
    @CsvSource({"1,1,false", "1,5,true", "17,24,false", "300,204,true", "5000,24,false"})
    void momentsOfMoreRows(int rows, int columns, boolean strided) {
        requireAgreement(library, java, 10 * ofSums(rows), (kernels, operands) -> {
            Matrix x = operands.matrix(rows, columns, strided, u -> 0.3 + u);
            kernels.columnMoments(x, 37, operands.moments(37, columns));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 24, 204, 700})
    void passesOverColumns(int columns) {
        requireAgreement(library, java, IN_DOUBLE, (kernels, operands) -> {
            Moments none = operands.moments(0, columns);
            List<Moments> parts = List.of(
                    none,
                    operands.moments(7, columns),
                    operands.moments(1, columns),
                    none,
                    operands.moments(5000, columns));
            kernels.mergeMoments(parts, operands.statistics(columns));
        });
        requireAgreement(
                library,
                java,
                ELEMENTWISE,
                (kernels, operands) ->
                        kernels.updateRunningStatistics(operands.statistics(columns), operands.norm(columns)));
        requireAgreement(library, java, ELEMENTWISE, (kernels, operands) -> {
            Affine into = new Affine(operands.floatVector(columns), operands.floatVector(columns));
            kernels.batchAffine(operands.statistics(columns), operands.norm(columns), into);
        });
        requireAgreement(library, java, ELEMENTWISE, (kernels, operands) -> {
            Affine into = new Affine(operands.floatVector(columns), operands.floatVector(columns));
            kernels.runningAffine(operands.norm(columns), into);
        });
        requireAgreement(library, java, ELEMENTWISE, (kernels, operands) -> {
            List<ColumnSums> parts = List.of(operands.sums(columns), operands.sums(columns), operands.sums(columns));
            kernels.normGradients(parts, operands.norm(columns), operands.sums(columns));
        });
    }

    @Test
    void theMaskIsExactForTheSmallestAndTheLargestActivations() {
        float[] activations = {0, Float.MIN_VALUE, Float.MIN_NORMAL / 2, Float.MIN_NORMAL, 1e-30f, 1, Float.MAX_VALUE};
        int c = activations.length;
        float[] upstream = {3, 3, -5, 7, 0.1f, -0.7f, 1e30f};
        try (Operands operands = new Operands(java.memory())) {
            Matrix dz = operands.matrix(1, c, false, u -> u);
            Matrix z = operands.matrix(1, c, false, u -> u);
            Matrix x = operands.matrix(1, c, false, u -> u);
            Vector scale = operands.floatVector(c);
            Affine identity = new Affine(scale, operands.floatVector(c));
            dz.storage().write(0, upstream, 0, c);
            x.storage().write(0, activations, 0, c);
            z.storage().write(0, activations, 0, c);
            scale.set(new float[] {1, 1, 1, 1, 1, 1, 1});
            identity.shift().set(new float[c]);
            ColumnSums sums = operands.sums(c);
            java.kernels().zero(sums.plain());

            java.kernels().reluBackwardOverwrite(dz, z, x, identity, operands.statistics(c), scale, dz, sums);

            float[] kept = upstream.clone();
            kept[0] = 0;
            assertThat(new Vector(dz.storage(), 0, c).toFloats()).containsExactly(kept);
            assertThat(sums.plain().toDoubles())
                    .containsExactly(
                            IntStream.range(0, c).mapToDouble(j -> kept[j]).toArray());
        }
    }
}
