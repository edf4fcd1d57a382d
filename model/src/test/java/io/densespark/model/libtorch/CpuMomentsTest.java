package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.cpu.CpuKernels;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Moments;
import io.densespark.model.kernels.Operands;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Means and variances of Java's passes against two obvious passes in double, where cancellation would spoil them. */
class CpuMomentsTest {
    private final Operands operands = new Operands(LibTorch.open());
    private Kernels kernels;
    private int tileRows = Integer.MAX_VALUE;

    /** The value of a matrix at a row and a column. */
    private interface Values {
        double at(int row, int column);
    }

    @BeforeEach
    void load() {
        LibTorch.load();
        kernels = new CpuKernels(new AtenKernels(), new OpenBlas());
    }

    @AfterEach
    void free() {
        operands.close();
    }

    @ParameterizedTest(name = "{0} x {1} over {2} workers")
    @CsvSource({"2, 5, 1", "17, 24, 2", "300, 3, 3", "5000, 1, 2", "5000, 204, 2", "40000, 7, 3"})
    void aMeanOfAThousandDeviationsCostsNoAccuracy(int rows, int columns, int workers) {
        Random random = new Random(1);
        requireExact(rows, columns, workers, (row, column) -> 1000 + random.nextGaussian(), 1e-5);
        requireExact(rows, columns, workers, (row, column) -> -0.5 + 0.0005 * random.nextGaussian(), 1e-5);
    }

    @Test
    void rowsThatComeTileByTileLikeTheReplicasCostNoAccuracy() {
        Random random = new Random(4);
        tileRows = 1024;
        requireExact(5000, 36, 2, (row, column) -> 1000 + random.nextGaussian(), 1e-5);
        requireExact(5000, 3, 2, (row, column) -> -0.5 + 0.0005 * random.nextGaussian(), 1e-5);
    }

    /** The library's own form keeps its means in float: a thousand deviations leave it 6e-5 of one. */
    @Test
    void theLibrarysFormLosesNoMoreThanTheRoundingOfAMean() {
        Random random = new Random(5);
        kernels = new AtenKernels();
        requireExact(5000, 36, 1, (row, column) -> 1000 + random.nextGaussian(), 1e-4);
        tileRows = 1024;
        requireExact(5000, 36, 2, (row, column) -> 1000 + random.nextGaussian(), 1e-4);
    }

    @ParameterizedTest(name = "{0} x {1} over {2} workers")
    @CsvSource({"300, 3, 1", "5000, 1, 2", "5000, 204, 2", "40000, 7, 1", "100000, 1, 1"})
    void firstRowsUnlikeTheRestCostNoAccuracy(int rows, int columns, int workers) {
        Random random = new Random(2);
        requireExact(rows, columns, workers, (row, column) -> row < 20 ? 0 : 1000 + random.nextGaussian(), 1e-5);
        requireExact(rows, columns, workers, (row, column) -> row < 5 ? 1e6 : random.nextGaussian(), 1e-5);
    }

    @Test
    void aWholeFirstGroupUnlikeTheRestCostsNoAccuracy() {
        Random random = new Random(3);
        requireExact(20000, 2, 1, (row, column) -> row < 5000 ? 7 : 1000 + random.nextGaussian(), 1e-5);
        requireExact(20000, 2, 1, (row, column) -> (row / 4096 % 2) * 1000 + random.nextGaussian(), 1e-5);
    }

    /** Equal values round equally: their errors add up where the pivot stays at the first tile's mean. */
    @Test
    void aFirstTileUnlikeAllOthersCostsNoAccuracy() {
        requireExact(20000, 300, 1, (row, column) -> row < 16 ? 0 : 1000.1 + 0.37 * column, 1e-5);
    }

    @Test
    void aConstantColumnHasItsValueAsMeanAndNoVariance() {
        for (float constant : new float[] {0, 1, 0.1f, -1e-3f, 12345.678f}) {
            BatchStatistics found = statistics(9000, 3, 2, (row, column) -> constant);
            assertThat(found.mean().toDoubles()).containsOnly(constant);
            assertThat(found.unbiasedVariance().toDoubles()).containsOnly(0);
            assertThat(found.inverseDeviation().toDoubles()).containsOnly(1 / Math.sqrt(DenseNetSpec.NORM_EPSILON));
        }
    }

    @Test
    void denormalValuesHaveAnExactMean() {
        BatchStatistics found = statistics(4000, 2, 2, (row, column) -> (row % 5) * Float.MIN_VALUE);
        assertThat(found.mean().toDoubles()).containsOnly(2.0 * Float.MIN_VALUE);
        assertThat(found.unbiasedVariance().toDoubles()).containsOnly(0);
    }

    @Test
    void theSameValuesGiveTheSameBits() {
        double[] once = statistics(5000, 7, 2, (row, column) -> Math.sin(row + column))
                .mean()
                .toDoubles();
        double[] again = statistics(5000, 7, 2, (row, column) -> Math.sin(row + column))
                .mean()
                .toDoubles();
        assertThat(again).containsExactly(once);
    }

    private void requireExact(int rows, int columns, int workers, Values values, double tolerance) {
        Storage storage = fill(rows, columns, values);
        BatchStatistics found = statistics(storage, rows, columns, workers);
        double[] mean = found.mean().toDoubles();
        double[] inverse = found.inverseDeviation().toDoubles();
        double[] variance = found.unbiasedVariance().toDoubles();
        float[] x = new Vector(storage, 0, rows * columns).toFloats();
        for (int j = 0; j < columns; j++) {
            double sum = 0;
            for (int row = 0; row < rows; row++) {
                sum += x[row * columns + j];
            }
            double exactMean = sum / rows;
            double squares = 0;
            for (int row = 0; row < rows; row++) {
                squares += Math.pow(x[row * columns + j] - exactMean, 2);
            }
            double deviation = Math.sqrt(squares / rows);
            double exactInverse = 1 / Math.sqrt(squares / rows + DenseNetSpec.NORM_EPSILON);
            assertThat(mean[j]).isCloseTo(exactMean, within(tolerance * deviation));
            assertThat(inverse[j]).isCloseTo(exactInverse, within(tolerance * exactInverse));
            assertThat(variance[j]).isCloseTo(squares / (rows - 1), within(2 * tolerance * squares / (rows - 1)));
        }
    }

    private BatchStatistics statistics(int rows, int columns, int workers, Values values) {
        return statistics(fill(rows, columns, values), rows, columns, workers);
    }

    private Storage fill(int rows, int columns, Values values) {
        float[] x = new float[rows * columns];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) values.at(i / columns, i % columns);
        }
        Storage storage = operands.allocate(ElementType.FLOAT, x.length);
        storage.write(0, x, 0, x.length);
        return storage;
    }

    private BatchStatistics statistics(Storage storage, int rows, int columns, int workers) {
        List<Moments> parts = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            int from = rows * worker / workers;
            int count = rows * (worker + 1) / workers - from;
            Moments part = operands.moments(count, columns);
            for (int row = 0; row < count; row += Math.min(tileRows, count)) {
                int more = Math.min(tileRows, count - row);
                long start = (from + (long) row) * columns;
                kernels.columnMoments(new Matrix(storage, start, more, columns, columns), row, part);
            }
            parts.add(part);
        }
        BatchStatistics into = operands.statistics(columns);
        kernels.mergeMoments(parts, into);
        return into;
    }
}
