package io.densespark.model.libtorch;

import static io.densespark.model.libtorch.Operands.requireAgreement;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.cpu.CpuKernels;
import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Dropout;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Moments;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Java's passes against the library's, at odd and even sizes, on contiguous rows and on columns of wider ones. */
class CpuKernelsTest {
    /** One rounding of a float is 6e-8. */
    private static final double ELEMENTWISE = 1e-6;

    private static final double IN_DOUBLE = 1e-12;

    private static final int LARGEST = 1_100_000;

    private static Kernels library;
    private static Kernels java;

    @BeforeAll
    static void load() {
        LibTorch.load();
        library = new AtenKernels();
        java = new CpuKernels(library, new OpenBlas());
    }

    static Stream<Arguments> sizes() {
        return Stream.of(1, 2, 17, 300, 5000).flatMap(rows -> Stream.of(1, 5, 24, 204, 700)
                .filter(columns -> rows * columns <= LARGEST)
                .flatMap(columns -> Stream.of(true, false).map(strided -> Arguments.of(rows, columns, strided))));
    }

    /** The library sums in float: its rounding grows with the rows. */
    private static double ofSums(int rows) {
        return 2e-6 + 1e-7 * Math.sqrt(rows);
    }

    @ParameterizedTest(name = "{0} x {1}, strided: {2}")
    @MethodSource("sizes")
    void momentsOfColumns(int rows, int columns, boolean strided) {
        requireAgreement(library, java, 10 * ofSums(rows), (kernels, operands) -> {
            Matrix x = operands.matrix(rows, columns, strided, u -> 0.3 + u);
            kernels.columnMoments(x, 0, operands.moments(rows, columns));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, strided: {2}")
    @MethodSource("sizes")
    void momentsOfMoreRows(int rows, int columns, boolean strided) {
        requireAgreement(library, java, 10 * ofSums(rows), (kernels, operands) -> {
            Matrix x = operands.matrix(rows, columns, strided, u -> 0.3 + u);
            kernels.columnMoments(x, 37, operands.moments(37, columns));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, strided: {2}")
    @MethodSource("sizes")
    void copies(int rows, int columns, boolean strided) {
        requireAgreement(library, java, 0, (kernels, operands) -> {
            Matrix source = operands.matrix(rows, columns, false, u -> u);
            kernels.copy(source, operands.matrix(rows, columns, strided, u -> u));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, strided: {2}")
    @MethodSource("sizes")
    void dropsTheSameElements(int rows, int columns, boolean strided) {
        requireAgreement(
                library,
                java,
                0,
                (kernels, operands) ->
                        kernels.dropout(operands.matrix(rows, columns, false, u -> u), new Dropout(0.3, 5, 1L << 40)));
    }

    @ParameterizedTest(name = "{0} x {1}, strided: {2}")
    @MethodSource("sizes")
    void productsWithWeights(int rows, int columns, boolean strided) {
        requireAgreement(library, java, ELEMENTWISE, (kernels, operands) -> {
            Matrix z = operands.matrix(rows, columns, false, u -> u);
            kernels.multiply(z, operands.floatVector(12 * columns), operands.matrix(rows, 12, strided, u -> u));
        });
        requireAgreement(library, java, ofSums(rows), (kernels, operands) -> {
            Matrix dy = operands.matrix(rows, 12, false, u -> u);
            Matrix z = operands.matrix(rows, columns, false, u -> u);
            Matrix dz = operands.matrix(rows, columns, false, u -> u);
            kernels.multiplyBackward(dy, z, operands.floatVector(12 * columns), dz, operands.floatVector(12 * columns));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, strided: {2}")
    @MethodSource("sizes")
    void normalizationWithRelu(int rows, int columns, boolean strided) {
        requireAgreement(library, java, ELEMENTWISE, (kernels, operands) -> {
            Matrix x = operands.matrix(rows, columns, strided, u -> u);
            Affine affine = new Affine(operands.floatVector(columns), operands.floatVector(columns));
            kernels.normalizeRelu(x, affine, operands.matrix(rows, columns, false, u -> u));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, strided: {2}")
    @MethodSource("sizes")
    void backwardPassOfReluThatAccumulates(int rows, int columns, boolean strided) {
        requireAgreement(library, java, ofSums(rows), (kernels, operands) -> {
            Matrix dz = operands.destroyed(operands.matrix(rows, columns, false, u -> u));
            Matrix z = operands.destroyed(operands.matrix(rows, columns, false, u -> Math.max(0, u)));
            Matrix x = operands.matrix(rows, columns, strided, u -> u);
            BatchStatistics batch = operands.statistics(columns);
            Vector scale = operands.floatVector(columns);
            Matrix accumulated = operands.matrix(rows, columns, strided, u -> u);
            kernels.reluBackwardAccumulate(dz, z, x, batch, scale, accumulated, ofRows(operands, rows, columns));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, strided: {2}")
    @MethodSource("sizes")
    void backwardPassOfReluThatOverwrites(int rows, int columns, boolean strided) {
        requireAgreement(library, java, ofSums(rows), (kernels, operands) -> {
            Matrix dz = operands.destroyed(operands.matrix(rows, columns, false, u -> u));
            Matrix z = operands.destroyed(operands.matrix(rows, columns, false, u -> Math.max(0, u)));
            Matrix x = operands.matrix(rows, columns, strided, u -> u);
            BatchStatistics batch = operands.statistics(columns);
            Vector scale = operands.floatVector(columns);
            Matrix accumulated = operands.matrix(rows, columns, strided, u -> Double.NaN);
            fillGaps(accumulated);
            kernels.reluBackwardOverwrite(dz, z, x, batch, scale, accumulated, ofRows(operands, rows, columns));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, strided: {2}")
    @MethodSource("sizes")
    void backwardPassOfReluInPlace(int rows, int columns, boolean strided) {
        requireAgreement(library, java, ofSums(rows), (kernels, operands) -> {
            Matrix dz = operands.matrix(rows, columns, false, u -> u);
            Matrix z = operands.destroyed(operands.matrix(rows, columns, false, u -> Math.max(0, u)));
            Matrix x = operands.matrix(rows, columns, strided, u -> u);
            BatchStatistics batch = operands.statistics(columns);
            Vector scale = operands.floatVector(columns);
            kernels.reluBackwardOverwrite(dz, z, x, batch, scale, dz, ofRows(operands, rows, columns));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, strided: {2}")
    @MethodSource("sizes")
    void finishOfAGradient(int rows, int columns, boolean strided) {
        requireAgreement(library, java, ELEMENTWISE, (kernels, operands) -> {
            Matrix accumulated = operands.matrix(rows, columns, strided, u -> u);
            Matrix x = operands.matrix(rows, columns, strided, u -> u);
            BatchStatistics batch = operands.statistics(columns);
            Matrix dx = operands.matrix(rows, columns, false, u -> u);
            kernels.finishGradient(accumulated, x, batch, ofRows(operands, rows, columns), 3L * rows, dx);
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
        try (Operands operands = new Operands()) {
            Matrix dz = operands.matrix(1, c, false, u -> u);
            Matrix z = operands.matrix(1, c, false, u -> u);
            Matrix x = operands.matrix(1, c, false, u -> u);
            Vector scale = operands.floatVector(c);
            dz.storage().write(0, upstream, 0, c);
            z.storage().write(0, activations, 0, c);
            scale.set(new float[] {1, 1, 1, 1, 1, 1, 1});
            ColumnSums sums = operands.sums(c);
            java.zero(sums.plain());

            java.reluBackwardOverwrite(dz, z, x, operands.statistics(c), scale, dz, sums);

            float[] kept = upstream.clone();
            kept[0] = 0;
            assertThat(new Vector(dz.storage(), 0, c).toFloats()).containsExactly(kept);
            assertThat(sums.plain().toDoubles())
                    .containsExactly(
                            IntStream.range(0, c).mapToDouble(j -> kept[j]).toArray());
        }
    }

    /** Column sums scaled to what a matrix of that many rows would give. */
    private static ColumnSums ofRows(Operands operands, int rows, int columns) {
        return new ColumnSums(
                operands.doubleVector(columns, u -> u * Math.sqrt(rows)),
                operands.doubleVector(columns, u -> u * Math.sqrt(rows)));
    }

    /** Numbers where a kernel must not write, so that they can be compared, and NaN where it must. */
    private static void fillGaps(Matrix matrix) {
        float[] all = new float[(int) matrix.storage().elements()];
        Arrays.fill(all, 0.5f);
        for (int row = 0; row < matrix.rows(); row++) {
            int start = (int) matrix.offset() + row * matrix.stride();
            Arrays.fill(all, start, start + matrix.columns(), Float.NaN);
        }
        matrix.storage().write(0, all, 0, all.length);
    }
}
