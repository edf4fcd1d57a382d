package io.densespark.model.kernels;

import static io.densespark.model.kernels.Operands.requireAgreement;

import io.densespark.model.kernels.Operands.Side;
import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels against others, at odd and even sizes, on contiguous rows and on columns of wider ones. */
public abstract class PassAgreement {
    /** One rounding of a float is 6e-8. */
    protected static final double ELEMENTWISE = 1e-6;

    private static final int LARGEST = 1_100_000;

    protected final Side expected;
    protected final Side actual;

    protected PassAgreement(Side expected, Side actual) {
        this.expected = expected;
        this.actual = actual;
    }

    static Stream<Arguments> sizes() {
        return Stream.of(2, 17, 300, 5000).flatMap(rows -> Stream.of(1, 5, 24, 150, 204, 700)
                .filter(columns -> rows * columns <= LARGEST)
                .flatMap(columns -> Stream.of(0, 3, 4).map(gap -> Arguments.of(rows, columns, gap))));
    }

    /** The library sums in float: its rounding grows with the rows. */
    protected static double ofSums(int rows) {
        return 2e-6 + 1e-7 * Math.sqrt(rows);
    }

    /** How much a library rounds the gradients of a convolution's weights beside its sums. */
    protected double ofLibrarysGradients() {
        return 0;
    }

    /** The same of what is added up from pieces: 1x1 convolutions, pixels that several windows share. */
    protected double ofLibrarysPieces() {
        return 0;
    }

    @ParameterizedTest(name = "{0} x {1}, gap {2}")
    @MethodSource("sizes")
    protected void momentsOfColumns(int rows, int columns, int gap) {
        requireAgreement(expected, actual, 10 * ofSums(rows), (kernels, operands) -> {
            Matrix x = operands.matrix(rows, columns, gap, u -> 0.3 + u);
            Moments moments = operands.destroyed(operands.moments(rows, columns));
            kernels.columnMoments(x, 0, moments);
            kernels.mergeMoments(List.of(moments), operands.statistics(columns));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, gap {2}")
    @MethodSource("sizes")
    protected void copiesWithMoments(int rows, int columns, int gap) {
        requireAgreement(expected, actual, 10 * ofSums(rows), (kernels, operands) -> {
            Matrix source = operands.matrix(rows, columns, 0, u -> 0.3 + u);
            Matrix target = operands.matrix(rows, columns, gap, u -> u);
            Moments moments = operands.destroyed(operands.moments(rows, columns));
            kernels.copyWithMoments(source, target, 0, moments);
            Affine affine = new Affine(operands.floatVector(columns), operands.floatVector(columns));
            kernels.mergeMoments(List.of(moments), operands.statistics(columns), operands.norm(columns), affine);
        });
    }

    @ParameterizedTest(name = "{0} x {1}, gap {2}")
    @MethodSource("sizes")
    protected void copies(int rows, int columns, int gap) {
        requireAgreement(expected, actual, 0, (kernels, operands) -> {
            Matrix source = operands.matrix(rows, columns, 0, u -> u);
            kernels.copy(source, operands.matrix(rows, columns, gap, u -> u));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, gap {2}")
    @MethodSource("sizes")
    protected void dropsTheSameElements(int rows, int columns, int gap) {
        requireAgreement(expected, actual, 0, (kernels, operands) -> {
            // The second of two layers, from some way into its batch on.
            kernels.takeDropouts(List.of(new Dropout(0.3, 4, 17), new Dropout(0.3, 5, (1L << 40) - 321)));
            kernels.dropout(operands.matrix(rows, columns, 0, u -> u), new Dropout(0.3, 5, 1L << 40));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, gap {2}")
    @MethodSource("sizes")
    protected void productsWithWeights(int rows, int columns, int gap) {
        requireAgreement(expected, actual, ELEMENTWISE, (kernels, operands) -> {
            Matrix z = operands.matrix(rows, columns, 0, u -> u);
            Vector weight = operands.floatVector(12 * columns);
            kernels.takeWeights(List.of(weight));
            kernels.multiply(z, weight, operands.matrix(rows, 12, gap, u -> u));
        });
        requireAgreement(expected, actual, ofSums(rows) + ofLibrarysPieces(), (kernels, operands) -> {
            Matrix dy = operands.matrix(rows, 12, 0, u -> u);
            Matrix z = operands.matrix(rows, columns, 0, u -> u);
            Matrix dz = operands.matrix(rows, columns, 0, u -> u);
            Vector weight = operands.floatVector(12 * columns);
            kernels.takeWeights(List.of(weight));
            kernels.multiplyBackward(dy, z, weight, dz, operands.floatVector(12 * columns));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, gap {2}")
    @MethodSource("sizes")
    protected void normalizationWithRelu(int rows, int columns, int gap) {
        requireAgreement(expected, actual, ELEMENTWISE, (kernels, operands) -> {
            Matrix x = operands.matrix(rows, columns, gap, u -> u);
            Affine affine = new Affine(operands.floatVector(columns), operands.floatVector(columns));
            kernels.normalizeRelu(x, affine, operands.matrix(rows, columns, 0, u -> u));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, gap {2}")
    @MethodSource("sizes")
    protected void backwardPassOfReluThatAccumulates(int rows, int columns, int gap) {
        requireAgreement(expected, actual, ofSums(rows), (kernels, operands) -> {
            Matrix dz = operands.destroyed(operands.matrix(rows, columns, 0, u -> u));
            Matrix x = operands.matrix(rows, columns, gap, u -> u);
            Affine affine = new Affine(operands.floatVector(columns), operands.floatVector(columns));
            Matrix z = operands.destroyed(operands.matrix(rows, columns, 0, u -> u));
            kernels.normalizeRelu(x, affine, z);
            BatchStatistics batch = operands.statistics(columns);
            Vector scale = operands.floatVector(columns);
            Matrix accumulated = operands.accumulator(x, gap, u -> u);
            ColumnSums sums = operands.destroyed(operands.sums(columns));
            kernels.beginSums(sums);
            kernels.reluBackwardAccumulate(dz, z, x, affine, batch, scale, accumulated, sums);
            kernels.normGradients(List.of(sums), operands.norm(columns), operands.sums(columns));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, gap {2}")
    @MethodSource("sizes")
    protected void backwardPassOfReluThatOverwrites(int rows, int columns, int gap) {
        requireAgreement(expected, actual, ofSums(rows), (kernels, operands) -> {
            Matrix dz = operands.destroyed(operands.matrix(rows, columns, 0, u -> u));
            Matrix x = operands.matrix(rows, columns, gap, u -> u);
            Affine affine = new Affine(operands.floatVector(columns), operands.floatVector(columns));
            Matrix z = operands.destroyed(operands.matrix(rows, columns, 0, u -> u));
            kernels.normalizeRelu(x, affine, z);
            BatchStatistics batch = operands.statistics(columns);
            Vector scale = operands.floatVector(columns);
            Matrix accumulated = operands.unwritten(x, gap);
            ColumnSums sums = operands.destroyed(operands.sums(columns));
            kernels.beginSums(sums);
            kernels.reluBackwardOverwrite(dz, z, x, affine, batch, scale, accumulated, sums);
            kernels.firstNormGradients(List.of(sums), operands.norm(columns), operands.sums(columns));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, gap {2}")
    @MethodSource("sizes")
    protected void backwardPassOfReluInPlace(int rows, int columns, int gap) {
        requireAgreement(expected, actual, ofSums(rows), (kernels, operands) -> {
            Matrix dz = operands.matrix(rows, columns, 0, u -> u);
            Matrix x = operands.matrix(rows, columns, gap, u -> u);
            Affine affine = new Affine(operands.floatVector(columns), operands.floatVector(columns));
            Matrix z = operands.destroyed(operands.matrix(rows, columns, 0, u -> u));
            kernels.normalizeRelu(x, affine, z);
            BatchStatistics batch = operands.statistics(columns);
            Vector scale = operands.floatVector(columns);
            ColumnSums sums = operands.destroyed(operands.sums(columns));
            kernels.beginSums(sums);
            kernels.reluBackwardOverwrite(dz, z, x, affine, batch, scale, dz, sums);
            kernels.firstNormGradients(List.of(sums), operands.norm(columns), operands.sums(columns));
        });
    }

    @ParameterizedTest(name = "{0} x {1}, gap {2}")
    @MethodSource("sizes")
    protected void finishOfAGradient(int rows, int columns, int gap) {
        requireAgreement(expected, actual, ELEMENTWISE, (kernels, operands) -> {
            Matrix x = operands.matrix(rows, columns, gap, u -> u);
            finishGradient(kernels, operands, operands.accumulator(x, gap, u -> u), x);
        });
        requireAgreement(expected, actual, ELEMENTWISE, (kernels, operands) -> {
            Matrix x = operands.matrix(rows, columns, gap, u -> u);
            finishGradient(kernels, operands, operands.matrix(rows, columns, gap, u -> u), x);
        });
    }

    private static void finishGradient(Kernels kernels, Operands operands, Matrix accumulated, Matrix x) {
        int rows = accumulated.rows();
        int columns = accumulated.columns();
        BatchStatistics batch = operands.statistics(columns);
        Matrix dx = operands.matrix(rows, columns, 0, u -> u);
        kernels.finishGradient(accumulated, x, batch, ofRows(operands, rows, columns), 3L * rows, dx);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 24, 204, 700})
    protected void passesOverTheColumnsOfOneWorker(int columns) {
        requireAgreement(
                expected,
                actual,
                ELEMENTWISE,
                (kernels, operands) ->
                        kernels.updateRunningStatistics(operands.statistics(columns), operands.norm(columns)));
        requireAgreement(expected, actual, ELEMENTWISE, (kernels, operands) -> {
            Affine into = new Affine(operands.floatVector(columns), operands.floatVector(columns));
            kernels.batchAffine(operands.statistics(columns), operands.norm(columns), into);
        });
        requireAgreement(expected, actual, ELEMENTWISE, (kernels, operands) -> {
            Affine into = new Affine(operands.floatVector(columns), operands.floatVector(columns));
            kernels.runningAffine(operands.norm(columns), into);
        });
        requireAgreement(expected, actual, ELEMENTWISE, (kernels, operands) -> {
            Affine into = new Affine(operands.floatVector(columns), operands.floatVector(columns));
            kernels.trainingAffine(operands.statistics(columns), operands.norm(columns), into);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000, 70_001})
    protected void passesOverVectors(int length) {
        requireAgreement(
                expected,
                actual,
                ELEMENTWISE,
                (kernels, operands) -> kernels.add(operands.floatVector(length), operands.floatVector(length)));
        requireAgreement(
                expected,
                actual,
                ELEMENTWISE,
                (kernels, operands) -> kernels.scale(operands.floatVector(length), 0.37));
        requireAgreement(expected, actual, 0, (kernels, operands) -> kernels.zero(operands.floatVector(length)));
        requireAgreement(expected, actual, ELEMENTWISE, (kernels, operands) -> {
            Vector p = operands.floatVector(length);
            Vector g = operands.floatVector(length);
            operands.destroyed(g);
            kernels.nesterovStep(p, g, operands.floatVector(length), 0.1, 0.9, 1e-2);
        });
    }

    static Stream<Arguments> maps() {
        return Stream.of(new ImageShape(2, 2), new ImageShape(7, 5), new ImageShape(16, 16))
                .flatMap(image -> Stream.of(1, 3, 8, 12, 64).map(columns -> Arguments.of(3, image, columns)));
    }

    @ParameterizedTest(name = "{0} images of {1}, {2} columns")
    @MethodSource("maps")
    protected void averagesOverPixels(int images, ImageShape image, int columns) {
        int pooled = images * image.halved().pixels();
        requireAgreement(expected, actual, ELEMENTWISE, (kernels, operands) -> {
            Matrix z = operands.matrix(images * image.pixels(), columns, 0, u -> u);
            kernels.averagePool(z, images, image, operands.matrix(pooled, columns, 0, u -> u));
            kernels.globalAverage(z, images, operands.floatMatrix(images, columns, 0, u -> u));
        });
        requireAgreement(expected, actual, ELEMENTWISE, (kernels, operands) -> {
            Matrix dz = operands.matrix(images * image.pixels(), columns, 0, u -> u);
            kernels.averagePoolBackward(operands.matrix(pooled, columns, 0, u -> u), images, image, dz);
        });
        requireAgreement(expected, actual, ELEMENTWISE, (kernels, operands) -> {
            Matrix dz = operands.matrix(images * image.pixels(), columns, 0, u -> u);
            kernels.globalAverageBackward(operands.floatMatrix(images, columns, 0, u -> u), images, dz);
        });
    }

    @ParameterizedTest(name = "{0} images of {1}, {2} columns")
    @MethodSource("maps")
    protected void maximaOverPixels(int images, ImageShape image, int columns) {
        int pooled = images * image.strided(3, 2).pixels();
        requireAgreement(expected, actual, ELEMENTWISE + ofLibrarysPieces(), (kernels, operands) -> {
            // As after a ReLU: many equal values, of which the first is the largest.
            Matrix z = operands.matrix(images * image.pixels(), columns, 0, u -> Math.max(0, u));
            kernels.maxPool(z, images, image, operands.matrix(pooled, columns, 0, u -> u));
            Matrix dz = operands.matrix(images * image.pixels(), columns, 0, u -> u);
            kernels.maxPoolBackward(operands.matrix(pooled, columns, 0, u -> u), z, images, image, dz);
        });
    }

    static Stream<Arguments> convolutions() {
        return Stream.of(
                Arguments.of(new ImageShape(8, 8), 48, 12, 3, 1),
                Arguments.of(new ImageShape(7, 5), 5, 3, 3, 1),
                Arguments.of(new ImageShape(32, 32), 3, 24, 3, 1),
                Arguments.of(new ImageShape(31, 45), 3, 64, 7, 2));
    }

    @ParameterizedTest(name = "{0}, {1} to {2} channels, {3}x{3} with stride {4}")
    @MethodSource("convolutions")
    protected void convolvesAndBack(ImageShape image, int inputs, int outputs, int kernel, int stride) {
        int images = 2;
        double tolerance = 3 * ofSums(images * image.pixels()) + ofLibrarysGradients();
        requireAgreement(expected, actual, tolerance, (kernels, operands) -> {
            Vector weight = operands.floatVector(outputs * kernel * kernel * inputs);
            kernels.takeWeights(List.of(weight));
            Convolution c = new Convolution(images, image, inputs, outputs, kernel, stride, weight);
            int pixels = images * c.output().pixels();
            Matrix x = operands.matrix(images * image.pixels(), inputs, 0, u -> u);
            Matrix result = operands.matrix(pixels, outputs, 4, u -> u);
            kernels.convolve(c, x, y -> kernels.copy(y, result));
            Matrix dy = operands.matrix(pixels, outputs, 0, u -> u);
            kernels.convolutionWeightGradient(c, dy, x, operands.floatVector(weight.length()));
            Matrix gradient = operands.matrix(x.rows(), inputs, 3, u -> u);
            kernels.convolutionBackward(
                    c, dy, x, operands.floatVector(weight.length()), dx -> kernels.copy(dx, gradient));
        });
    }

    /** Column sums scaled to what a matrix of that many rows would give. */
    private static ColumnSums ofRows(Operands operands, int rows, int columns) {
        return new ColumnSums(
                operands.doubleVector(columns, u -> u * Math.sqrt(rows)),
                operands.doubleVector(columns, u -> u * Math.sqrt(rows)));
    }
}
