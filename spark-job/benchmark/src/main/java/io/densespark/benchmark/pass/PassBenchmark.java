package io.densespark.benchmark.pass;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.tensor.Matrix;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A layer's passes, all rows of a worker at a time, in the pieces in which it takes them. Gradients that are accumulated grow
 * from call to call, which costs nothing.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PassBenchmark {
    /** The speed of memory: the layer's input, in bulk and without any arithmetic, row by row as it lies in the map. */
    @Benchmark
    public void copy(PassState state, PassWork work) {
        PassOperands o = state.operands;
        o.pieces((row, rows) -> {
            Matrix source = o.inputs().rows(row, rows);
            Matrix target = o.activations(rows);
            o.kernels().copy(source, target);
            work.add(source, target);
        });
    }

    @Benchmark
    public void normalizeRelu(PassState state, PassWork work) {
        PassOperands o = state.operands;
        o.pieces((row, rows) -> {
            Matrix x = o.inputs().rows(row, rows);
            Matrix z = o.activations(rows);
            o.kernels().normalizeRelu(x, o.inputAffine, z);
            work.add(x, z);
        });
    }

    @Benchmark
    public void reluBackwardAccumulate(PassState state, PassWork work) {
        PassOperands o = state.operands;
        o.pieces((row, rows) -> {
            Matrix dz = o.activationGradients(rows);
            Matrix x = o.inputs().rows(row, rows);
            Matrix sum = o.accumulatedOfInputs().rows(row, rows);
            o.kernels()
                    .reluBackwardAccumulate(
                            dz,
                            o.activations(rows),
                            x,
                            o.inputAffine,
                            o.inputStatistics,
                            o.inputScale,
                            sum,
                            o.inputSums);
            work.add(dz, x, sum);
        });
    }

    @Benchmark
    public void reluBackwardOverwrite(PassState state, PassWork work) {
        PassOperands o = state.operands;
        o.pieces((row, rows) -> {
            Matrix dz = o.piece(rows);
            Matrix x = o.bottleneck.rows(row, rows);
            Matrix gradient = o.bottleneckGradient.rows(row, rows);
            o.kernels()
                    .reluBackwardOverwrite(
                            dz,
                            x,
                            x,
                            o.bottleneckAffine,
                            o.bottleneckStatistics,
                            o.bottleneckScale,
                            gradient,
                            o.bottleneckSums);
            work.add(dz, x, gradient);
        });
    }

    @Benchmark
    public void columnMoments(PassState state, PassWork work) {
        PassOperands o = state.operands;
        o.pieces((row, rows) -> {
            Matrix x = o.bottleneck.rows(row, rows);
            o.kernels().columnMoments(x, row, o.moments);
            work.add(x);
        });
    }

    /** Of the bottleneck, which has one consumer. */
    @Benchmark
    public void finishGradientOfBottleneck(PassState state, PassWork work) {
        PassOperands o = state.operands;
        o.pieces((row, rows) -> {
            Matrix sum = o.bottleneckGradient.rows(row, rows);
            Matrix x = o.bottleneck.rows(row, rows);
            Matrix dx = o.piece(rows);
            o.kernels().finishGradient(sum, x, o.bottleneckStatistics, o.bottleneckSums, o.shape.rows(), dx);
            work.add(sum, x, dx);
        });
    }

    /** Of a few columns of the map. */
    @Benchmark
    public void finishGradientOfGrowth(PassState state, PassWork work) {
        PassOperands o = state.operands;
        o.pieces((row, rows) -> {
            Matrix sum = o.accumulatedOfAdded().rows(row, rows);
            Matrix x = o.added().rows(row, rows);
            Matrix dx = o.growth.rows(row, rows);
            o.kernels().finishGradient(sum, x, o.growthStatistics, o.growthSums, o.shape.rows(), dx);
            work.add(sum, x, dx);
        });
    }

    @Benchmark
    public void multiply(PassState state, PassWork.OfProducts work) {
        PassOperands o = state.operands;
        o.pieces((row, rows) -> {
            Matrix z = o.activations(rows);
            Matrix y = o.bottleneck.rows(row, rows);
            o.kernels().multiply(z, o.pointWeight, y);
            work.add(z, o.pointWeight, y);
        });
    }

    @Benchmark
    public void multiplyBackward(PassState state, PassWork.OfProducts work) {
        PassOperands o = state.operands;
        o.pieces((row, rows) -> {
            Matrix dy = o.bottleneckGradient.rows(row, rows);
            Matrix z = o.activations(rows);
            Matrix dz = o.activationGradients(rows);
            o.kernels().multiplyBackward(dy, z, o.pointWeight, dz, o.pointWeightGradient);
            work.add(dy, z, o.pointWeight, dz, o.pointWeightGradient);
        });
    }

    @Benchmark
    public void convolve(PassState state, PassWork.OfProducts work) {
        PassOperands o = state.operands;
        o.chunks((image, images) -> {
            Convolution convolution = o.convolution(images);
            Matrix x = o.ofImages(o.bottleneck, image, images);
            o.kernels().convolve(convolution, x, y -> work.add(convolution, x, y));
        });
    }

    @Benchmark
    public void convolutionBackward(PassState state, PassWork.OfProducts work) {
        PassOperands o = state.operands;
        o.chunks((image, images) -> {
            Convolution convolution = o.convolution(images);
            Matrix dy = o.ofImages(o.growth, image, images);
            Matrix x = o.ofImages(o.bottleneck, image, images);
            o.kernels()
                    .convolutionBackward(
                            convolution, dy, x, o.imageWeightGradient, dx -> work.add(convolution, dy, x, dx));
        });
    }

    /** Of the bottleneck's map, which is as good as any. */
    @Benchmark
    public void averagePool(PassState state, PassWork work) {
        PassOperands o = state.operands;
        o.chunks((image, images) -> {
            Matrix z = o.ofImages(o.bottleneck, image, images);
            Matrix y = Matrix.contiguous(o.bottleneckGradient.storage(), z.rows() / 4, z.columns());
            o.kernels().averagePool(z, images, o.shape.image(), y);
            work.add(z, y);
        });
    }
}
