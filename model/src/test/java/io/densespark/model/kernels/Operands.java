package io.densespark.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.tensor.Allocator;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/** Operands of one kernel call, each in a storage of its own, filled from a seed in the order in which they are made. */
public final class Operands implements AutoCloseable {
    private static final long SEED = 42;

    /** Of a bfloat16, of 8 bits of mantissa, to the nearest. */
    private static final double ROUNDING = 0x1p-8;

    private final Allocator memory;
    private final ElementType maps;
    private final Places places;
    private final boolean areRounded;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<Storage> storages = new ArrayList<>();
    private final Set<Storage> destroyed = new HashSet<>();

    /** By storage, where those that accumulate have what would be at each index row by row. */
    private final Map<Storage, int[]> moved = new HashMap<>();

    public Operands(Allocator memory) {
        this.memory = memory;
        maps = ElementType.FLOAT;
        places = (accumulated, map, row, column) -> {
            throw new IllegalStateException("without kernels nothing is accumulated");
        };
        areRounded = false;
    }

    private Operands(Side side, boolean areRounded) {
        memory = side.memory();
        maps = side.maps();
        places = side.places();
        this.areRounded = areRounded;
    }

    /** Makes its operands and calls a kernel on them. */
    public interface Pass {
        void run(Kernels kernels, Operands operands);
    }

    /**
     * Kernels, and memory on which they work.
     *
     * @param maps of which maps and activations are made
     * @param places of what they accumulate beside those
     */
    public record Side(Allocator memory, Kernels kernels, ElementType maps, Places places) {
        public Side(Allocator memory, Kernels kernels) {
            this(memory, kernels, ElementType.FLOAT);
        }

        public Side(Allocator memory, Kernels kernels, ElementType maps) {
            this(
                    memory,
                    kernels,
                    maps,
                    (accumulated, map, row, column) ->
                            Math.toIntExact(accumulated.offset() + (long) row * accumulated.stride() + column));
        }
    }

    /** Where kernels have the values of a matrix in which they accumulate. */
    public interface Places {
        int index(Matrix accumulated, Matrix map, int row, int column);
    }

    /**
     * Runs a pass by both kernels on equal operands. Afterwards each storage, what lies between rows included, agrees
     * within {@code tolerance} times the storage's largest value, and those of bfloat16 within a rounding of that. Where one
     * side has maps of bfloat16, all floats that both are given are such numbers.
     */
    public static void requireAgreement(Side expected, Side actual, double tolerance, Pass pass) {
        boolean areRounded = actual.maps() == ElementType.BFLOAT16;
        try (Operands a = new Operands(expected, areRounded);
                Operands b = new Operands(actual, areRounded)) {
            pass.run(expected.kernels(), a);
            pass.run(actual.kernels(), b);
            for (int i = 0; i < a.storages.size(); i++) {
                if (!a.destroyed.contains(a.storages.get(i))) {
                    double[] wanted = a.contents(a.storages.get(i));
                    double rounding = b.storages.get(i).type() == ElementType.BFLOAT16 ? ROUNDING : 0;
                    assertThat(largestError(b.contents(b.storages.get(i)), wanted))
                            .as("largest error of operand %s", i)
                            .isLessThanOrEqualTo((tolerance + rounding) * largest(wanted));
                }
            }
        }
    }

    /** Values within (-1, 1), each passed through {@code shape}. Strided ones have elements before, between and after. */
    public Matrix matrix(int rows, int columns, boolean strided, DoubleUnaryOperator shape) {
        return matrix(rows, columns, strided ? 3 : 0, shape);
    }

    /** The same with {@code gap} elements between two rows, and nearly as many before the first. */
    public Matrix matrix(int rows, int columns, int gap, DoubleUnaryOperator shape) {
        return matrix(maps, rows, columns, gap, shape);
    }

    /** The same of floats, also where maps are of bfloat16: gradients that are accumulated, averages. */
    public Matrix floatMatrix(int rows, int columns, int gap, DoubleUnaryOperator shape) {
        return matrix(ElementType.FLOAT, rows, columns, gap, shape);
    }

    /** Floats beside the map x in which gradients are accumulated, in the kernels' own order, elements in gaps included. */
    public Matrix accumulator(Matrix x, int gap, DoubleUnaryOperator shape) {
        Matrix plain = floatMatrix(x.rows(), x.columns(), gap, shape);
        Storage storage = plain.storage();
        int[] there = new int[(int) storage.elements()];
        Arrays.fill(there, -1);
        BitSet taken = new BitSet();
        for (int row = 0; row < x.rows(); row++) {
            for (int j = 0; j < x.columns(); j++) {
                int index = places.index(plain, x, row, j);
                there[(int) plain.offset() + row * plain.stride() + j] = index;
                taken.set(index);
            }
        }
        int free = 0;
        for (int i = 0; i < there.length; i++) {
            if (there[i] < 0) {
                free = taken.nextClearBit(free);
                there[i] = free++;
            }
        }
        float[] values = new Vector(storage, 0, there.length).toFloats();
        float[] ordered = new float[there.length];
        for (int i = 0; i < there.length; i++) {
            ordered[there[i]] = values[i];
        }
        storage.write(0, ordered, 0, ordered.length);
        moved.put(storage, there);
        return plain;
    }

    /** The same with NaN wherever a kernel must write before it reads. */
    public Matrix unwritten(Matrix x, int gap) {
        Matrix accumulated = accumulator(x, gap, u -> u);
        for (int row = 0; row < x.rows(); row++) {
            for (int j = 0; j < x.columns(); j++) {
                accumulated.storage().write(places.index(accumulated, x, row, j), new float[] {Float.NaN}, 0, 1);
            }
        }
        return accumulated;
    }

    private Matrix matrix(ElementType type, int rows, int columns, int gap, DoubleUnaryOperator shape) {
        int offset = gap / 2 * 2;
        int stride = columns + gap;
        Storage storage = floats(type, offset + rows * stride, shape);
        return new Matrix(storage, offset, rows, columns, stride);
    }

    /** A vector of floats from (-1, 1) with elements before and after it; where its length allows, aligned to four. */
    public Vector floatVector(int length) {
        int offset = length % 4 == 0 ? 4 : 1;
        return new Vector(floats(ElementType.FLOAT, length + offset + 1, u -> u), offset, length);
    }

    /** A vector of doubles with elements before and after it. */
    public Vector doubleVector(int length, DoubleUnaryOperator shape) {
        double[] values = new double[length + 2];
        Arrays.setAll(values, i -> shape.applyAsDouble(next()));
        Storage storage = allocate(ElementType.DOUBLE, values.length);
        storage.write(0, values, values.length);
        return new Vector(storage, 1, length);
    }

    public BatchStatistics statistics(int columns) {
        return new BatchStatistics(
                doubleVector(columns, u -> u),
                doubleVector(columns, u -> 1.5 + u),
                doubleVector(columns, u -> 1 + 0.9 * u));
    }

    public Moments moments(long rows, int columns) {
        return new Moments(rows, doubleVector(columns, u -> u), doubleVector(columns, u -> rows * (1 + 0.9 * u)));
    }

    public ColumnSums sums(int columns) {
        return new ColumnSums(doubleVector(columns, u -> u), doubleVector(columns, u -> u));
    }

    public Norm norm(int columns) {
        return new Norm(
                floatVector(columns),
                floatVector(columns),
                floatVector(columns),
                floatVector(columns),
                floatVector(columns),
                new Vector(floats(ElementType.FLOAT, columns, u -> 1 + 0.9 * u), 0, columns));
    }

    /** Says that a kernel may leave anything in this matrix. */
    public Matrix destroyed(Matrix matrix) {
        destroyed.add(matrix.storage());
        return matrix;
    }

    /** Says that a kernel may leave anything in this vector. */
    public void destroyed(Vector vector) {
        destroyed.add(vector.storage());
    }

    /** Says that a kernel may leave anything in these moments. */
    public Moments destroyed(Moments moments) {
        destroyed(moments.mean());
        destroyed(moments.squares());
        return moments;
    }

    /** Says that a kernel may leave anything in these sums. */
    public ColumnSums destroyed(ColumnSums sums) {
        destroyed(sums.plain());
        destroyed(sums.withNormalized());
        return sums;
    }

    private Storage floats(ElementType type, int length, DoubleUnaryOperator shape) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            float value = (float) shape.applyAsDouble(next());
            // The upper half of a float, not rounded: any such number will do.
            values[i] = areRounded ? Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xFFFF0000) : value;
        }
        Storage storage = allocate(type, length);
        storage.write(0, values, 0, length);
        return storage;
    }

    private double next() {
        return 2 * random.nextDouble() - 1;
    }

    public Storage allocate(ElementType type, int elements) {
        Storage storage = memory.allocate(type, elements);
        storages.add(storage);
        return storage;
    }

    private double[] contents(Storage storage) {
        Vector all = new Vector(storage, 0, (int) storage.elements());
        if (storage.type() == ElementType.DOUBLE) {
            return all.toDoubles();
        }
        float[] floats = all.toFloats();
        double[] values = new double[floats.length];
        int[] there = moved.get(storage);
        Arrays.setAll(values, i -> floats[there == null ? i : there[i]]);
        return values;
    }

    private static double largestError(double[] actual, double[] expected) {
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            // Math.max lets no NaN pass.
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        return worst;
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    @Override
    public void close() {
        storages.forEach(Storage::close);
    }
}
